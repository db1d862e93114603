using Osprey.Binary.Elf;
using Osprey.Rsp.Packets;
using Osprey.Target.Architectures.X64;

namespace Osprey.Target.Architectures;

/// <summary>The architectures whose guests Osprey reads. A new one is added here.</summary>
public static class KnownArchitectures
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<Architecture> All { get; } = [X64Architecture.Instance];

    /// <summary>Finds the architecture of a kind of ELF files; null when it is not known.</summary>
    public static Architecture? Find(ElfMachine machine) =>
        All.FirstOrDefault(architecture => architecture.Machines.Contains(machine));

    /// <summary>Finds the architecture that a stub describes; null when it is not known.</summary>
    internal static Architecture? Find(TargetDescription description) =>
        All.FirstOrDefault(architecture => description.Find(architecture.Registers[0].Name) is not null);
}
