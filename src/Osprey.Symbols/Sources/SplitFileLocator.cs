using Osprey.Binary;
using Osprey.Binary.Dwarf.Info;
using Osprey.Binary.Elf;

namespace Osprey.Symbols.Sources;

/// <summary>
/// Opens the files that units were split off to: the program's package (<c>PROGRAM.dwp</c>), or each unit's
/// <c>.dwo</c> file, where the compiler put it or beside the program.
/// </summary>
/// <remarks>Its owner calls it from one thread at a time.</remarks>
/// <param name="info">The debug info with the skeletons.</param>
/// <param name="images">The program, and its debug file if that is another one.</param>
/// <param name="options">The folders to search.</param>
/// <param name="report">Receives messages about files that are missing or of another build.</param>
internal sealed class SplitFileLocator(
    DebugInfo info,
    IReadOnlyList<ElfImage> images,
    SymbolizerOptions options,
    Action<string> report
) : IDisposable
{
    private readonly Dictionary<string, DebugInfo?> _files = new(StringComparer.Ordinal);
    private readonly List<ElfImage> _opened = [];
    private bool _isMissingReported;

    /// <summary>Opens the file with the unit of a skeleton; null when none is there.</summary>
    /// <exception cref="BadDataException">The skeleton is malformed.</exception>
    public DebugInfo? Open(CompilationUnit skeleton)
    {
        if (skeleton.SplitId is not { } id)
            return null;

        string? other = null;
        foreach (string path in EnumerateCandidates(skeleton))
        {
            if (OpenFile(path) is not { } file)
                continue;

            if (file.FindSplitUnit(id) is not null)
                return file;

            other ??= path;
        }

        if (!_isMissingReported)
        {
            string name = skeleton.SplitName ?? "a file without a name";
            report(
                other is null
                    ? $"debug info was split off to {name}, which is not there, nor is there a .dwp: only names of the "
                        + "symbol table and lines are known there"
                    : $"debug info was split off to {name}, but {other} is of another build: only names of the symbol "
                        + "table and lines are known there"
            );
        }

        _isMissingReported = true;
        return null;
    }

    /// <summary>
    /// Returns a text that changes when any of the files that were found does; the same while none does.
    /// </summary>
    public string Describe()
    {
        var known = new List<string>();
        foreach (ElfImage image in _opened)
        {
            string path = image.Source.Name;
            known.Add($"{path}-{File.GetLastWriteTimeUtc(path).Ticks:x}-{image.Source.Length:x}");
        }

        known.Sort(StringComparer.Ordinal);
        return string.Join('|', known);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (ElfImage image in _opened)
            image.Dispose();
    }

    private IEnumerable<string> EnumerateCandidates(CompilationUnit skeleton)
    {
        foreach (ElfImage image in images)
            yield return image.Source.Name + ".dwp";

        if (skeleton.SplitName is not { Length: > 0 } name)
            yield break;

        string folder = skeleton.CompilationDirectory ?? "";
        string built = Path.Combine(folder, name);
        if (Path.IsPathRooted(built))
        {
            if (options.Sysroot is { } sysroot)
                yield return sysroot.TrimEnd('/') + built;

            yield return built;
        }

        foreach (ElfImage image in images)
        {
            string beside = Path.GetDirectoryName(Path.GetFullPath(image.Source.Name)) ?? "/";
            if (!Path.IsPathRooted(name))
                yield return Path.Combine(beside, name);

            yield return Path.Combine(beside, Path.GetFileName(name));
        }
    }

    private DebugInfo? OpenFile(string path)
    {
        if (_files.TryGetValue(path, out DebugInfo? known))
            return known;

        DebugInfo? file = null;
        if (File.Exists(path))
        {
            try
            {
                ElfImage image = ElfImage.Open(path, options.Limits);
                _opened.Add(image);
                file = new DebugInfo(info.Sections.ForSplit(image.GetDebugContent), options.Limits) { Program = info };

                // A damaged file is found out here.
                file.FindSplitUnit(0);
            }
            catch (Exception e) when (e is BadDataException or IOException or UnauthorizedAccessException)
            {
                report($"{path} can't be used: {e.Message}");
                file = null;
            }
        }

        _files.Add(path, file);
        return file;
    }
}
