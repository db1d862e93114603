namespace Osprey.Target.Architectures;

/// <summary>What an instruction does.</summary>
/// <param name="Registers">The registers that it changes, and their values; the program counter is the last.</param>
/// <param name="Store">The memory that it writes; null for none.</param>
internal sealed record SimpleEffect(
    IReadOnlyList<(Register Register, ulong Value)> Registers,
    (ulong Address, byte[] Bytes)? Store
);
