namespace Osprey.Binary.Dwarf.Frame;

/// <summary>
/// The rule that gives a frame's canonical frame address (CFA): a register plus an offset, or an expression.
/// </summary>
public readonly record struct CfaRule
{
    private CfaRule(bool isDefined, int register, long offset, ReadOnlyMemory<byte> expression)
    {
        IsDefined = isDefined;
        Register = register;
        Offset = offset;
        Expression = expression;
    }

    /// <summary>False when the call frame program gives no rule.</summary>
    public bool IsDefined { get; }

    /// <summary>The register that the offset is added to; -1 when there is an expression.</summary>
    public int Register { get; }

    /// <summary>The offset from the register, in bytes; 0 when there is an expression.</summary>
    public long Offset { get; }

    /// <summary>The expression that gives the CFA; empty when the rule is a register plus an offset.</summary>
    public ReadOnlyMemory<byte> Expression { get; }

    /// <summary>Creates the rule of a register plus an offset.</summary>
    internal static CfaRule FromRegister(int register, long offset) => new(true, register, offset, default);

    /// <summary>Creates the rule of an expression.</summary>
    internal static CfaRule FromExpression(ReadOnlyMemory<byte> expression) => new(true, -1, 0, expression);
}
