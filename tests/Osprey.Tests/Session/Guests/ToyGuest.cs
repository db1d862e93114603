using Osprey.Binary.Elf;
using Osprey.Guests;
using Osprey.Guests.Programs;
using Osprey.Symbols.Modules;
using Osprey.Symbols.Types;
using Osprey.Target.Architectures;
using Osprey.Target.Memory;

namespace Osprey.Tests.Session.Guests;

/// <summary>An operating system from outside of Osprey.Guests, as small as one can be.</summary>
internal class ToyGuest : IGuestOs
{
    public GuestIdentity Identity { get; } = new("Toy", "1.0", 0, default, [new GuestSign("always", "always")]);

    public static IGuestOs Detect(GuestMachine machine) => new ToyGuest();

    public IEnumerable<KernelCandidate> FindKernelFiles(IReadOnlyList<string> searchFolders) => [];

    public IEnumerable<IMemoryReader> GetProgramMemories() => [];

    public LoadBias GetKernelBias(ElfImage image) => LoadBias.None;

    public ulong? FindPageTableRoot(Func<string, ulong?> findSymbol) => 0x3018;

    public AddressSpace GetKernelSpace(AddressSpace space) => space;

    public ulong? FindThreadPointer(RegisterSet registers, IMemoryReader memory, ITypeSource? kernelTypes) => null;

    public ulong? FindThreadLocals(
        ElfImage program,
        RegisterSet registers,
        IMemoryReader memory,
        ITypeSource? kernelTypes
    ) => null;
}
