using Osprey.Guests.Linux.Modules;
using Osprey.Guests.Modules;
using Osprey.Guests.Programs;
using Osprey.Symbols;

namespace Osprey.Guests.Linux;

/// <content>The kernel's modules and their symbols.</content>
internal sealed partial class LinuxGuest : IGuestModules, IGuestModuleSymbols
{
    public bool HasFiles => false;

    public GuestList<GuestObject> ReadModules(GuestKernel kernel, CancellationToken cancellation) =>
        KernelModules.Read(kernel, cancellation);

    public IEnumerable<KernelCandidate> FindModuleFiles(
        GuestObject loaded,
        string kernelPath,
        IReadOnlyList<string> searchFolders
    ) => [];

    public bool MayHoldModule(ulong address) => address >= LinuxDetector.ImageRangeStart;

    public ISymbolTable? ReadModuleSymbols(GuestKernel kernel) => ModuleSymbols.Read(kernel);
}
