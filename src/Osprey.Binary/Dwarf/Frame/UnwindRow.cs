namespace Osprey.Binary.Dwarf.Frame;

/// <summary>
/// The rules for finding a frame's caller while the program counter is in a range of code. Addresses are link-time.
/// </summary>
public sealed class UnwindRow
{
    private readonly FrameRegister[] _registers;

    internal UnwindRow(
        in FrameDescription description,
        ulong start,
        ulong end,
        in CfaRule cfa,
        FrameRegister[] registers
    )
    {
        Description = description;
        Start = start;
        End = end;
        Cfa = cfa;
        _registers = registers;
    }

    /// <summary>The entry that the row belongs to.</summary>
    internal FrameDescription Description { get; }

    /// <summary>Address of the range's first byte.</summary>
    public ulong Start { get; }

    /// <summary>Address of the first byte behind the range.</summary>
    public ulong End { get; }

    /// <summary>The rule that gives the CFA.</summary>
    public CfaRule Cfa { get; }

    /// <summary>The registers that have a rule, in the order in which the program names them.</summary>
    public ReadOnlySpan<FrameRegister> Registers => _registers;

    /// <summary>The number of the register whose rule gives the return address.</summary>
    public int ReturnAddressRegister => Description.Common.ReturnAddressRegister;

    /// <summary>
    /// True when the code was entered by an interrupt or signal: the instruction before the return address is then not
    /// a call.
    /// </summary>
    public bool IsSignalFrame => Description.Common.IsSignalFrame;

    /// <summary>Size in bytes of the arguments that were pushed (<c>DW_CFA_GNU_args_size</c>).</summary>
    public ulong ArgumentsSize { get; internal init; }

    /// <summary>
    /// True when the return address is signed in this range (AArch64, <c>DW_CFA_AARCH64_negate_ra_state</c>).
    /// </summary>
    public bool IsReturnAddressSigned { get; internal init; }

    /// <summary>
    /// Returns a register's rule; one of kind <see cref="RegisterRuleKind.Unspecified"/> when it has none.
    /// </summary>
    public RegisterRule GetRule(int register)
    {
        foreach (ref readonly FrameRegister rule in _registers.AsSpan())
        {
            if (rule.Number == register)
                return rule.Rule;
        }

        return default;
    }
}
