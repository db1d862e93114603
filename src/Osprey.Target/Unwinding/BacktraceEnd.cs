namespace Osprey.Target.Unwinding;

/// <summary>The reason why a backtrace has no more frames, and the place.</summary>
/// <param name="Kind">Why.</param>
/// <param name="Address">
/// The address that it is about: a program counter, a place in the stack, or a return address.
/// </param>
/// <param name="Detail">What is to be said in addition; null when there is nothing.</param>
public sealed record BacktraceEnd(BacktraceEndKind Kind, ulong Address, string? Detail = null)
{
    /// <summary>Tells whether <see cref="Address"/> can exist: the upper bits of addresses are all alike.</summary>
    internal bool IsCanonical { get; init; } = true;

    /// <summary>Tells whether the stack is known to begin here; otherwise frames are missing.</summary>
    public bool IsComplete =>
        Kind is BacktraceEndKind.Outermost or BacktraceEndKind.ZeroReturnAddress or BacktraceEndKind.ZeroFramePointer;

    /// <summary>The reason in a few words, such as "unreadable stack at 0x7fff0000".</summary>
    public override string ToString()
    {
        string text = Kind switch
        {
            BacktraceEndKind.Outermost => "end of stack",
            BacktraceEndKind.ZeroReturnAddress => "end of stack: return address 0",
            BacktraceEndKind.ZeroFramePointer => "end of stack: frame pointer 0",
            BacktraceEndKind.NothingToStartFrom => "program counter or stack pointer not known",
            BacktraceEndKind.UnreadableStack => $"unreadable stack at 0x{Address:x}",
            BacktraceEndKind.NoInformation =>
                $"no call frame information at 0x{Address:x}, and the frame pointer is not sane",
            BacktraceEndKind.UnknownRule => $"the caller of 0x{Address:x} can't be computed",
            BacktraceEndKind.BadReturnAddress =>
                $"return address 0x{Address:x} is not {(IsCanonical ? "in code" : "canonical")}",
            BacktraceEndKind.Cycle => $"the frame at 0x{Address:x} came up before",
            BacktraceEndKind.OtherMode => $"the callers of 0x{Address:x} are not looked for",
            _ => "more frames than the limit",
        };
        return Detail is null ? text : $"{text}: {Detail}";
    }
}
