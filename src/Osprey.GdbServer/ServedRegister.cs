using Osprey.Target.Architectures;

namespace Osprey.GdbServer;

/// <summary>A register as debuggers are told of it.</summary>
/// <param name="Name">Its name there.</param>
/// <param name="Size">Its size in bytes.</param>
/// <param name="Type">Its type, in the words of target descriptions.</param>
/// <param name="Source">The register of the guest; null for one that only QEMU's stub has, under the same name.</param>
internal sealed record ServedRegister(string Name, int Size, string Type, Register? Source);
