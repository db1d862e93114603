using Osprey.Binary.Elf;
using Osprey.Guests.Programs;
using Osprey.Symbols.Modules;
using Osprey.Symbols.Types;
using Osprey.Target.Architectures;
using Osprey.Target.Architectures.X64;
using Osprey.Target.Memory;

namespace Osprey.Guests;

/// <summary>
/// A guest in which no known system was recognised: the answers that hold for any program, so that nobody needs to ask
/// whether a system is known.
/// </summary>
internal sealed class UnknownGuest(GuestMachine machine) : IGuestOs
{
    public GuestIdentity Identity => GuestIdentity.Unknown;

    public IEnumerable<KernelCandidate> FindKernelFiles(IReadOnlyList<string> searchFolders) =>
        machine.BootFile is { } path ? [new KernelCandidate(path, KernelCandidate.Booted)] : [];

    public IEnumerable<IMemoryReader> GetProgramMemories()
    {
        yield return machine.Space.Memory;
    }

    public LoadBias GetKernelBias(ElfImage image) => LoadBias.None;

    public ulong? FindPageTableRoot(Func<string, ulong?> findSymbol) => null;

    public AddressSpace GetKernelSpace(AddressSpace space) => space;

    public ulong? FindThreadPointer(RegisterSet registers, IMemoryReader memory, ITypeSource? kernelTypes) =>
        registers.TryGet(X64Register.FsBase, out ulong pointer) && pointer != 0 ? pointer : null;

    public ulong? FindThreadLocals(
        ElfImage program,
        RegisterSet registers,
        IMemoryReader memory,
        ITypeSource? kernelTypes
    ) => ThreadLocalBlock.Find(program, FindThreadPointer(registers, memory, kernelTypes));
}
