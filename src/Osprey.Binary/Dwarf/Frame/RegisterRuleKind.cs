namespace Osprey.Binary.Dwarf.Frame;

/// <summary>How the value that a register had in the caller is found (DWARF 5, section 6.4.1).</summary>
public enum RegisterRuleKind : byte
{
    /// <summary>Nothing is said: what the processor's calling convention says.</summary>
    Unspecified,

    /// <summary>It can't be found. Of the return address: there is no caller.</summary>
    Undefined,

    /// <summary>The register still has it.</summary>
    SameValue,

    /// <summary>It is in memory at the CFA plus an offset.</summary>
    Offset,

    /// <summary>It is the CFA plus an offset.</summary>
    ValueOffset,

    /// <summary>It is in another register.</summary>
    Register,

    /// <summary>It is in memory at the address that an expression gives.</summary>
    Expression,

    /// <summary>It is what an expression gives.</summary>
    ValueExpression,

    /// <summary>As the processor's architecture defines it.</summary>
    Architectural,
}
