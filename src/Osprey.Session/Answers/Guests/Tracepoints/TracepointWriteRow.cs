using Osprey.Guests.Memory;
using Osprey.Target.Memory;

namespace Osprey.Session.Answers.Guests.Tracepoints;

/// <summary>A few bytes of the kernel's that enable or disable a tracepoint.</summary>
/// <param name="Write">The bytes.</param>
/// <param name="Physical">Their physical address.</param>
public sealed record TracepointWriteRow(GuestMemoryWrite Write, PhysicalAddress Physical)
{
    /// <summary>The columns.</summary>
    public static Shape<TracepointWriteRow> Shape { get; } =
        new Shape<TracepointWriteRow>("writes")
            .Text("tracepoint", row => row.Write.Owner)
            .Text("part", row => row.Write.Part)
            .Address("address", row => row.Write.Address)
            .Address("physical", row => row.Physical.Value)
            .Text("before", row => Hex(row.Write.Before))
            .Text("after", row => Hex(row.Write.After));

    private static string Hex(ReadOnlyMemory<byte> bytes) =>
        string.Join(' ', bytes.ToArray().Select(value => value.ToString("x2")));
}
