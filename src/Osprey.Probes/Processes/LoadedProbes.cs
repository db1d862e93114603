using Osprey.Binary;

namespace Osprey.Probes.Processes;

/// <summary>The probes of a file that a process has mapped, and where.</summary>
/// <param name="File">The file's probes; its path is the process's own.</param>
/// <param name="Bias">The number that is added to a link-time address, modulo 2^64.</param>
/// <param name="OpenPath">The path by which this process opens the file.</param>
public sealed record LoadedProbes(ProbeFile File, ulong Bias, string OpenPath)
{
    /// <summary>Reads the probes of all files that a process has mapped with code.</summary>
    /// <param name="process">The process.</param>
    /// <param name="defects">Gets the reasons why some may be missing.</param>
    /// <param name="seen">The files that are left out, by device and number; those that were read are added.</param>
    /// <exception cref="ProbeException">The process ended, or is another user's.</exception>
    public static IReadOnlyList<LoadedProbes> Find(
        TracedProcess process,
        ICollection<string> defects,
        HashSet<(string Device, ulong Inode)>? seen = null
    )
    {
        var found = new List<LoadedProbes>();
        seen ??= [];
        foreach (ProcessMapping mapping in process.ReadMappings())
        {
            if (!mapping.IsExecutable || !seen.Add((mapping.Device, mapping.Inode)))
                continue;

            string path = process.ResolvePath(mapping);
            if (mapping.IsDeleted && path == mapping.Path)
            {
                defects.Add($"{mapping.Path} was replaced since it was loaded");
                continue;
            }

            try
            {
                ProbeFile? file = ProbeFile.OpenElf(path, mapping.Path); // fonts, archives and the like are mapped, too
                if (file?.Damage is { } damage)
                    defects.Add(damage.Message);

                if (file is null || file.Probes.Count == 0)
                    continue;

                if (file.FindBias(mapping.Start, mapping.FileOffset) is { } bias)
                    found.Add(new LoadedProbes(file, bias, path));
                else
                    defects.Add($"{mapping.Path} does not say where its code at 0x{mapping.FileOffset:x} belongs");
            }
            catch (BadDataException exception)
            {
                defects.Add(exception.Message);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                defects.Add($"{mapping.Path} can't be read: {FileProblem.Describe(exception)}");
            }
        }

        return found;
    }

    /// <summary>The run-time address of a link-time one.</summary>
    public ulong ToAddress(ulong linkAddress) => unchecked(linkAddress + Bias);
}
