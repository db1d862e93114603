using Osprey.Session.Guests;
using Osprey.Target.Memory;

namespace Osprey.Session.Answers.Guests.Memory;

/// <summary>The answer to: what does a range of memory hold? It is read while it is shown, in pieces.</summary>
/// <param name="session">The guest.</param>
/// <param name="address">The address of the first byte.</param>
/// <param name="size">The number of bytes.</param>
/// <param name="isPhysical">Whether the address is physical.</param>
/// <param name="context">The wish to end early, which ends the pieces.</param>
public sealed class MemoryAnswer(
    GuestSession session,
    ulong address,
    ulong size,
    bool isPhysical,
    QuestionContext context
)
{
    /// <summary>The columns.</summary>
    public static Shape<MemoryAnswer> Shape { get; } =
        new Shape<MemoryAnswer>("memory")
            .Text("access", answer => answer.Access)
            .Address("address", answer => answer.Address)
            .Boolean("physical", answer => answer.IsPhysical)
            .Size("size", answer => answer.Size)
            .Pushed<MemoryPiece>(
                "pieces",
                (answer, push) =>
                    answer.Read(piece =>
                    {
                        push(piece);
                        return true;
                    }),
                () => MemoryPiece.Shape
            );

    /// <summary>Takes a piece of the memory; false ends the reading.</summary>
    public delegate bool PieceVisitor(MemoryPiece piece);

    /// <summary>The state that the guest is read in, as one word.</summary>
    public string Access => session.AccessWord;

    /// <summary>The address of the first byte.</summary>
    public ulong Address => address;

    /// <summary>True when the address is physical.</summary>
    public bool IsPhysical => isPhysical;

    /// <summary>The number of bytes.</summary>
    public ulong Size { get; } = size;

    /// <summary>The number of bytes that were not read, known when the pieces have been.</summary>
    public ulong MissingBytes { get; private set; } = size;

    /// <summary>Reads the memory piece by piece, until all is read or the answer is no longer wanted.</summary>
    public void Read(PieceVisitor visit)
    {
        IMemoryReader memory = isPhysical ? session.PhysicalReader : session.Selected.Memory;
        MissingBytes = Size;
        MemoryChunks.Read(
            memory,
            address,
            Size,
            (at, length, bytes) =>
            {
                MissingBytes -= (ulong)bytes.Length;
                return visit(new MemoryPiece(at, length, bytes)) && !context.Cancellation.IsCancellationRequested;
            }
        );
    }
}
