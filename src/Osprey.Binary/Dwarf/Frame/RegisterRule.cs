namespace Osprey.Binary.Dwarf.Frame;

/// <summary>How the value that a register had in the caller is found.</summary>
/// <param name="Kind">In which way.</param>
/// <param name="Value">The offset in bytes, or the other register's number.</param>
/// <param name="Expression">The expression, for the kinds that have one; it starts with the CFA on its stack.</param>
public readonly record struct RegisterRule(
    RegisterRuleKind Kind,
    long Value = 0,
    ReadOnlyMemory<byte> Expression = default
);
