using System.Globalization;
using Osprey.Binary.Elf;
using Osprey.Guests.Linux.Symbols;
using Osprey.Guests.Programs;
using Osprey.Symbols;
using Osprey.Symbols.Modules;
using Osprey.Symbols.Types;
using Osprey.Target.Architectures;
using Osprey.Target.Architectures.X64;
using Osprey.Target.Memory;

namespace Osprey.Guests.Linux;

/// <summary>Linux: a kernel that is moved as a whole when it boots, and an address space for each program.</summary>
internal sealed partial class LinuxGuest : IGuestOs, IGuestSymbols
{
    /// <summary>The system's name.</summary>
    public const string Name = "Linux";

    private const string FileName = "vmlinux";

    private const ulong UnmovedOffset = 16 << 20; // CONFIG_PHYSICAL_START, the same in all distributions

    private readonly GuestMachine _machine;

    private LinuxGuest(GuestMachine machine, GuestIdentity identity)
    {
        _machine = machine;
        Identity = identity;
    }

    public GuestIdentity Identity { get; }

    public string TableName => "kallsyms";

    public bool MovesAtBoot => Identity.KernelAddress != LinuxDetector.ImageRangeStart + UnmovedOffset;

    /// <summary>Recognises Linux.</summary>
    public static IGuestOs? Detect(GuestMachine machine) =>
        LinuxDetector.Detect(machine) is { } identity ? new LinuxGuest(machine, identity) : null;

    public IEnumerable<KernelCandidate> FindKernelFiles(IReadOnlyList<string> searchFolders)
    {
        string version = Identity.Version;
        yield return new($"/usr/lib/debug/boot/vmlinux-{version}", "installed debug package");
        yield return new($"/usr/lib/debug/lib/modules/{version}/vmlinux", "installed debug package");
        yield return new($"/lib/modules/{version}/build/vmlinux", "build folder of the installed kernel");
        yield return new($"/boot/vmlinux-{version}", "installed kernel");
        foreach (string folder in searchFolders)
            yield return KernelCandidate.In(folder == "." ? "" : folder, FileName, "found in the current folder");

        if (_machine.BootFile is { } path)
            yield return KernelCandidate.Beside(path, FileName);
    }

    /// <summary>From 6.4 on, Linux gives each kind of a module's sections memory of its own.</summary>
    public string? FindCaveat(ElfImage image) =>
        image.Type == ElfType.Relocatable && IsFrom(6, 4)
            ? "Linux 6.4 and later keep a module's data apart from its code: functions and types are right, "
                + "the addresses of its variables are not known, and those shown are wrong"
            : null;

    /// <summary>That of the program which the vCPU is in, too: a file may be of it.</summary>
    public IEnumerable<IMemoryReader> GetProgramMemories()
    {
        yield return GetKernelSpace(_machine.Space).Memory;
    }

    public ISymbolTable? FindSymbolTable()
    {
        AddressSpace space = GetOwnSpace(_machine.Space);
        ulong image = Identity.KernelAddress;
        KallsymsTable? table = KallsymsFinder.Find(space.Memory, image, LinuxDetector.FindReadOnlyData(space, image));
        return table is null ? null : new KallsymsSymbolSource(table);
    }

    public ISymbolTable? FindSymbolTable(ElfImage image, LoadBias bias) => KallsymsFile.Find(image, bias);

    /// <summary>
    /// The first segment is moved to the place where the image was found. Per-CPU variables, which are linked from 0
    /// on, stay as they are.
    /// </summary>
    public LoadBias GetKernelBias(ElfImage image)
    {
        ulong link = KallsymsFile.FindImageStart(image);
        return link >= LinuxDetector.ImageRangeStart
            ? new LoadBias(unchecked(Identity.KernelAddress - link)) { KeptBelow = LinuxDetector.ImageRangeStart }
            : LoadBias.None;
    }

    public ulong? FindPageTableRoot(Func<string, ulong?> findSymbol) => null;

    /// <summary>The thread pointer of the program in user mode; the kernel has no use for one.</summary>
    public ulong? FindThreadPointer(RegisterSet registers, IMemoryReader memory, ITypeSource? kernelTypes) =>
        registers.TryGet(X64Register.FsBase, out ulong pointer) && pointer != 0 ? pointer : null;

    public ulong? FindThreadLocals(
        ElfImage program,
        RegisterSet registers,
        IMemoryReader memory,
        ITypeSource? kernelTypes
    ) => ThreadLocalBlock.Find(program, FindThreadPointer(registers, memory, kernelTypes));

    private bool IsFrom(int major, int minor)
    {
        string[] parts = Identity.Version.Split('.', '-', '+');
        return parts.Length >= 2
            && int.TryParse(parts[0], CultureInfo.InvariantCulture, out int first)
            && int.TryParse(parts[1], CultureInfo.InvariantCulture, out int second)
            && (first > major || (first == major && second >= minor));
    }
}
