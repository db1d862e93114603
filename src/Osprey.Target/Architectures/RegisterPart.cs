namespace Osprey.Target.Architectures;

/// <summary>A part of a register that has a name of its own, such as eax or ah.</summary>
/// <param name="Whole">The register.</param>
/// <param name="Size">The part's size in bytes.</param>
/// <param name="Shift">How many bits of the register lie below it.</param>
public readonly record struct RegisterPart(Register Whole, int Size, int Shift = 0);
