namespace Osprey.Binary.Dwarf.Frame;

/// <summary>A register with its rule.</summary>
/// <param name="Number">The number that DWARF gives the register.</param>
/// <param name="Rule">Its rule.</param>
public readonly record struct FrameRegister(int Number, RegisterRule Rule);
