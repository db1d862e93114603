using Osprey.Guests.Programs;
using Osprey.Target;

namespace Osprey.Guests.Modules;

/// <summary>An operating system that knows which files of code are loaded, and where.</summary>
/// <remarks>A front end asks for it with <see langword="is"/> on the <see cref="IGuestOs"/>.</remarks>
public interface IGuestModules
{
    /// <summary>
    /// True when what is loaded was made of files that may be on this host, and that are then looked for at once.
    /// </summary>
    bool HasFiles => true;

    /// <summary>
    /// Tells whether the system would load a file at an address, so that an address elsewhere, such as one of the heap,
    /// needs no list of what is loaded.
    /// </summary>
    bool CanBeLoadedAt(ulong address) => true;

    /// <summary>Lists what is loaded, without the kernel. The walk is bounded.</summary>
    /// <exception cref="TargetException">The kernel is not known, or keeps no such list.</exception>
    GuestList<GuestObject> ReadModules(GuestKernel kernel, CancellationToken cancellation);

    /// <summary>
    /// Lists files of this host that may be one that is loaded, the most likely first; they need not exist. Whoever
    /// uses one compares it with the guest's memory before.
    /// </summary>
    /// <param name="loaded">What is loaded.</param>
    /// <param name="kernelPath">The kernel's own ELF file.</param>
    /// <param name="searchFolders">Folders that the front end wants to be searched, in this order.</param>
    IEnumerable<KernelCandidate> FindModuleFiles(
        GuestObject loaded,
        string kernelPath,
        IReadOnlyList<string> searchFolders
    );
}
