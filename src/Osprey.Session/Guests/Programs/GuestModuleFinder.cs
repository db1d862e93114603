using Osprey.Binary;
using Osprey.Binary.Elf;
using Osprey.Guests.Modules;
using Osprey.Guests.Programs;
using Osprey.Symbols.Modules;
using Osprey.Target.Memory;

namespace Osprey.Session.Guests.Programs;

/// <summary>Finds the files of this host that a guest's loaded files were made of.</summary>
/// <param name="os">The guest's operating system.</param>
/// <param name="memory">The guest's memory: a file counts only if its code is what stands there.</param>
/// <param name="settings">The folders to search.</param>
internal sealed class GuestModuleFinder(IGuestModules os, IMemoryReader memory, GuestSettings settings)
{
    /// <summary>Finds the file of one that is loaded.</summary>
    /// <param name="loaded">The loaded file.</param>
    /// <param name="kernelPath">The kernel's own ELF file.</param>
    /// <returns>
    /// The file and how it was found; without a file, the reason why none is used.
    /// </returns>
    public ModuleFile Find(GuestObject loaded, string kernelPath)
    {
        var bias = new LoadBias(loaded.Base);
        string? refusal = null;
        var seen = new HashSet<string>();
        foreach (KernelCandidate candidate in os.FindModuleFiles(loaded, kernelPath, settings.SearchFolders))
        {
            string path = Path.GetFullPath(candidate.Path);
            if (!seen.Add(path) || !File.Exists(path))
                continue;

            try
            {
                using ElfImage image = ElfImage.Open(path);
                ProgramFit fit = ProgramCheck.Compare(image, bias, memory);
                if (fit == ProgramFit.Same)
                    return new ModuleFile(loaded, path, candidate.Origin);

                refusal ??=
                    fit == ProgramFit.Different
                        ? $"{path} ({candidate.Origin}) is another build"
                        : $"{path} ({candidate.Origin}) can't be compared with the guest's memory";
            }
            catch (Exception exception)
                when (exception is BadDataException or IOException or UnauthorizedAccessException)
            {
                refusal ??= $"{path} ({candidate.Origin}): {exception.Message}";
            }
        }

        return new ModuleFile(loaded, null, refusal ?? "no file of it is here");
    }
}
