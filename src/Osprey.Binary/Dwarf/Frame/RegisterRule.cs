namespace Osprey.Binary.Dwarf.Frame;

/// <summary>The rule that gives the value that a register had in the caller.</summary>
/// <param name="Kind">The kind of rule.</param>
/// <param name="Value">
/// The offset in bytes, or the number of the other register; 0 for the kinds that have neither.
/// </param>
/// <param name="Expression">The expression, for the kinds that have one; it starts with the CFA on its stack.</param>
public readonly record struct RegisterRule(
    RegisterRuleKind Kind,
    long Value = 0,
    ReadOnlyMemory<byte> Expression = default
);
