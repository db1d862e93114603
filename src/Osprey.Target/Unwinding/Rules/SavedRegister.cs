using Osprey.Target.Architectures;

namespace Osprey.Target.Unwinding.Rules;

/// <summary>A place in memory where a register of the caller is saved.</summary>
/// <param name="Register">The register.</param>
/// <param name="Offset">The distance of the place from the base.</param>
/// <param name="Base">The register that the place counts from; null for the canonical frame address.</param>
public readonly record struct SavedRegister(Register Register, long Offset, Register? Base = null);
