using Osprey.Binary;
using Osprey.Binary.Elf;

namespace Osprey.Symbols.Sources;

/// <summary>
/// Finds the file that a program's debug info was split off to, by build-id or by <c>.gnu_debuglink</c>.
/// </summary>
/// <remarks>
/// A file found by name must have the program's build-id, or the checksum that the link gives: debug info of another
/// build would give wrong lines without any sign of it.
/// </remarks>
internal sealed class DebugFileLocator
{
    private const string SystemDirectory = "/usr/lib/debug";

    private readonly SymbolizerOptions _options;
    private readonly Action<string> _report;
    private readonly List<string> _directories = [];

    /// <summary>Creates a locator.</summary>
    /// <param name="options">The folders to search.</param>
    /// <param name="report">Receives a message for each file that was found but can't be used.</param>
    public DebugFileLocator(SymbolizerOptions options, Action<string> report)
    {
        _options = options;
        _report = report;
        _directories.AddRange(options.DebugDirectories);
        if (options.Sysroot is { } sysroot)
            _directories.Add(sysroot.TrimEnd('/') + SystemDirectory);

        _directories.Add(SystemDirectory);
    }

    /// <summary>Opens the debug file of a program.</summary>
    /// <param name="image">The program.</param>
    /// <param name="buildId">The program's build-id; empty when it has none.</param>
    /// <returns>Null when there is none.</returns>
    public ElfImage? Open(ElfImage image, BuildId buildId)
    {
        if (!buildId.IsEmpty)
        {
            foreach (string candidate in EnumerateByBuildId(buildId))
            {
                if (TryOpen(candidate, image, buildId, null) is { } found)
                    return found;
            }
        }

        DebugLink? link = ReadLink(image);
        foreach (string candidate in EnumerateByName(image.Source.Name, link?.FileName))
        {
            if (TryOpen(candidate, image, buildId, link) is { } found)
                return found;
        }

        return null;
    }

    /// <summary>Opens the file that dwz moved shared debug info to (<c>.gnu_debugaltlink</c>).</summary>
    /// <param name="debugImage">The file that holds the debug info.</param>
    /// <returns>Null when there is no such link, or no such file.</returns>
    /// <exception cref="BadDataException">The link is malformed.</exception>
    public ElfImage? OpenSupplementary(ElfImage debugImage)
    {
        if (debugImage.FindSection(".gnu_debugaltlink") is not { } section)
            return null;

        ReadOnlyMemory<byte> content = debugImage.GetContent(section);
        var reader = new ByteReader(content.Span, section.Name);
        string name = reader.ReadNulTerminatedText();
        var buildId = new BuildId(reader.ReadBytes((ulong)reader.Remaining));
        string folder = Path.GetDirectoryName(Path.GetFullPath(debugImage.Source.Name)) ?? "/";
        IEnumerable<string> candidates = name.Length == 0 ? [] : [Path.Combine(folder, name)];
        if (!buildId.IsEmpty)
            candidates = candidates.Concat(EnumerateByBuildId(buildId));

        foreach (string candidate in candidates)
        {
            if (TryOpen(candidate, debugImage, buildId, null) is { } found)
                return found;
        }

        _report($"the debug info shared through {name} is not there; some names are missing");
        return null;
    }

    private static string? GetFolder(string path) => Path.GetDirectoryName(Path.GetFullPath(path));

    private IEnumerable<string> EnumerateByBuildId(BuildId buildId)
    {
        string hex = buildId.ToString();
        if (hex.Length < 4)
            yield break;

        foreach (string directory in _directories)
            yield return Path.Combine(directory, ".build-id", hex[..2], hex[2..] + ".debug");
    }

    private IEnumerable<string> EnumerateByName(string path, string? linked)
    {
        string folder = GetFolder(path) ?? "/";
        yield return path + ".debug";
        string name = linked ?? Path.GetFileName(path) + ".debug";
        yield return Path.Combine(folder, name);
        yield return Path.Combine(folder, ".debug", name);
        foreach (string directory in _directories)
        {
            yield return Path.Combine(directory, name);
            yield return Path.Combine(directory, folder.TrimStart('/'), name);
            if (_options.Sysroot is { } sysroot && folder.StartsWith(sysroot, StringComparison.Ordinal))
                yield return Path.Combine(directory, folder[sysroot.Length..].TrimStart('/'), name);
        }
    }

    private DebugLink? ReadLink(ElfImage image)
    {
        try
        {
            DebugLink? link = image.ReadDebugLink();
            if (link is null || (link.FileName.Length > 0 && !link.FileName.Contains('/', StringComparison.Ordinal)))
                return link;

            _report($".gnu_debuglink names \"{link.FileName}\"; expected a file name without folders");
        }
        catch (BadDataException e)
        {
            _report(e.Message);
        }

        return null;
    }

    /// <summary>Opens a candidate if it is of the same build.</summary>
    /// <param name="candidate">The file to try.</param>
    /// <param name="image">The file that needs it; the candidate must be another file.</param>
    /// <param name="buildId">The build-id that the candidate must have, unless it has the link's checksum.</param>
    /// <param name="link">The link that names the candidate; null when none does.</param>
    private ElfImage? TryOpen(string candidate, ElfImage image, BuildId buildId, DebugLink? link)
    {
        if (!File.Exists(candidate) || Path.GetFullPath(candidate) == Path.GetFullPath(image.Source.Name))
            return null;

        ElfImage? found = null;
        try
        {
            found = ElfImage.Open(candidate, _options.Limits);
            bool fits = !buildId.IsEmpty && found.ReadBuildId() == buildId;
            if (!fits && link is not null)
                fits = Crc32.Compute(found.Source) == link.Checksum;

            if (fits)
                return found;

            _report($"{candidate} is of another build and is not used");
        }
        catch (Exception e) when (e is BadDataException or IOException or UnauthorizedAccessException)
        {
            _report(
                $"{candidate} can't be used: {(e is BadDataException ? e.Message : FileProblem.DescribeWithoutPath(e))}"
            );
        }

        found?.Dispose();
        return null;
    }
}
