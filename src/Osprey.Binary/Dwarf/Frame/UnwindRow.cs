namespace Osprey.Binary.Dwarf.Frame;

/// <summary>
/// How a frame's caller is found while the program counter is in a range of code. Addresses are link-time.
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

    /// <summary>The entry that it is a row of.</summary>
    public FrameDescription Description { get; }

    /// <summary>The first byte of its range.</summary>
    public ulong Start { get; }

    /// <summary>The first behind it.</summary>
    public ulong End { get; }

    /// <summary>How the CFA is found.</summary>
    public CfaRule Cfa { get; }

    /// <summary>The registers that have a rule, in the order that the program names them.</summary>
    public ReadOnlySpan<FrameRegister> Registers => _registers;

    /// <summary>The column whose rule gives the return address.</summary>
    public int ReturnAddressRegister => Description.Common.ReturnAddressRegister;

    /// <summary>
    /// Whether the code was entered by an interrupt or signal: the return address is then no address behind a call.
    /// </summary>
    public bool IsSignalFrame => Description.Common.IsSignalFrame;

    /// <summary>Bytes of arguments that were pushed (<c>DW_CFA_GNU_args_size</c>).</summary>
    public ulong ArgumentsSize { get; internal init; }

    /// <summary>Whether the return address is signed there (AArch64, <c>DW_CFA_AARCH64_negate_ra_state</c>).</summary>
    public bool IsReturnAddressSigned { get; internal init; }

    /// <summary>A register's rule; one of kind <see cref="RegisterRuleKind.Unspecified"/> when it has none.</summary>
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
