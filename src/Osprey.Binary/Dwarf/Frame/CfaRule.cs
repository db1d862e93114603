namespace Osprey.Binary.Dwarf.Frame;

/// <summary>How the canonical frame address is found.</summary>
public readonly record struct CfaRule
{
    private CfaRule(bool isDefined, int register, long offset, ReadOnlyMemory<byte> expression)
    {
        IsDefined = isDefined;
        Register = register;
        Offset = offset;
        Expression = expression;
    }

    /// <summary>False when the program says nothing about it.</summary>
    public bool IsDefined { get; }

    /// <summary>The register that it counts from; -1 when there is an expression.</summary>
    public int Register { get; }

    /// <summary>What is added to the register, in bytes.</summary>
    public long Offset { get; }

    /// <summary>The expression that gives it; empty when it counts from a register.</summary>
    public ReadOnlyMemory<byte> Expression { get; }

    /// <summary>A register plus an offset.</summary>
    public static CfaRule FromRegister(int register, long offset) => new(true, register, offset, default);

    /// <summary>What an expression gives.</summary>
    public static CfaRule FromExpression(ReadOnlyMemory<byte> expression) => new(true, -1, 0, expression);
}
