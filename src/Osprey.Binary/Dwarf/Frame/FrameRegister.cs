namespace Osprey.Binary.Dwarf.Frame;

/// <summary>A register and the rule that gives its value in the caller.</summary>
/// <param name="Number">The register's DWARF number.</param>
/// <param name="Rule">The rule.</param>
public readonly record struct FrameRegister(int Number, RegisterRule Rule);
