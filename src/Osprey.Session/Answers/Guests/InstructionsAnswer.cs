using Osprey.Session.Guests;
using Osprey.Session.Guests.Code;
using Osprey.Target.Memory;

namespace Osprey.Session.Answers.Guests;

/// <summary>The answer to: which instructions are at an address?</summary>
/// <param name="Access">The state that the guest is read in, as one word.</param>
/// <param name="Rows">The instructions.</param>
/// <param name="UnreadableAt">The first address that could not be read; null when all could.</param>
public sealed record InstructionsAnswer(string Access, IReadOnlyList<InstructionRow> Rows, ulong? UnreadableAt)
{
    /// <summary>The number of instructions where neither a count nor the function's end is known.</summary>
    public const int DefaultCount = 20;

    /// <summary>
    /// Tells whether these are all that was asked for: where neither a count nor a function was named, memory may end
    /// behind any instruction.
    /// </summary>
    public bool IsAsAsked { get; private init; }

    /// <summary>The columns.</summary>
    public static Shape<InstructionsAnswer> Shape { get; } =
        new Shape<InstructionsAnswer>("code")
            .Text("access", answer => answer.Access)
            .Records("instructions", answer => answer.Rows, () => InstructionShape.Shape);

    /// <summary>Asks a guest for 64-bit code as something in it sees memory.</summary>
    /// <param name="session">The guest, which names addresses.</param>
    /// <param name="memory">The memory.</param>
    /// <param name="start">The address of the first instruction.</param>
    /// <param name="count">The number of instructions.</param>
    public static InstructionsAnswer Ask(GuestSession session, IMemoryReader memory, ulong start, int count)
    {
        var disassembler = new Disassembler(memory, session, 64);
        IReadOnlyList<InstructionRow> rows = disassembler.Decode(start, null, count);
        return new InstructionsAnswer(session.AccessWord, rows, disassembler.UnreadableAt)
        {
            IsAsAsked = disassembler.UnreadableAt is null,
        };
    }

    /// <summary>Asks a guest.</summary>
    /// <param name="session">The guest.</param>
    /// <param name="start">The address of the first instruction.</param>
    /// <param name="count">The number of instructions; null for those up to the function's end.</param>
    /// <param name="isPhysical">Whether the address is physical.</param>
    /// <param name="bits">The processor's mode: 16, 32 or 64.</param>
    /// <param name="codeBase">The start of the code segment: the targets of jumps count from there.</param>
    public static InstructionsAnswer Ask(
        GuestSession session,
        ulong start,
        int? count,
        bool isPhysical,
        int bits,
        ulong codeBase = 0
    )
    {
        ulong? end = count is null && !isPhysical ? session.FindFunctionEnd(start) : null;
        var disassembler = new Disassembler(
            isPhysical ? session.PhysicalReader : session.Selected.Memory,
            isPhysical ? null : session,
            bits,
            codeBase
        );
        IReadOnlyList<InstructionRow> rows = disassembler.Decode(
            start,
            end,
            count ?? (end is null ? DefaultCount : int.MaxValue)
        );
        return new InstructionsAnswer(session.AccessWord, rows, disassembler.UnreadableAt)
        {
            IsAsAsked = disassembler.UnreadableAt is null || (rows.Count > 0 && count is null && end is null),
        };
    }
}
