namespace Osprey.Binary.Dwarf.Frame;

/// <summary>The kinds of rules for the value that a register had in the caller (DWARF 5, section 6.4.1).</summary>
public enum RegisterRuleKind : byte
{
    /// <summary>No rule is given; the processor's calling convention decides.</summary>
    Unspecified,

    /// <summary>The value is lost. For the return address: there is no caller.</summary>
    Undefined,

    /// <summary>The register still has the value.</summary>
    SameValue,

    /// <summary>The value is in memory at the CFA plus an offset.</summary>
    Offset,

    /// <summary>The value is the CFA plus an offset.</summary>
    ValueOffset,

    /// <summary>The value is in another register.</summary>
    Register,

    /// <summary>The value is in memory at the address that an expression gives.</summary>
    Expression,

    /// <summary>The value is what an expression gives.</summary>
    ValueExpression,

    /// <summary>The processor's architecture defines the value.</summary>
    Architectural,
}
