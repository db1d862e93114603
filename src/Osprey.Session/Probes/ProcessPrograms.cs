using Osprey.Binary;
using Osprey.Binary.Elf;
using Osprey.Probes.Processes;
using Osprey.Symbols;
using Osprey.Symbols.Modules;
using Osprey.Symbols.Sources;
using Osprey.Target.Unwinding;

namespace Osprey.Session.Probes;

/// <summary>The programs and libraries of a process of this host: their names, and how their stacks unwind.</summary>
public sealed class ProcessPrograms : IDisposable
{
    private readonly Symbolizer _symbols = new();
    private readonly List<UnwindModule> _modules = [];
    private readonly List<string> _notes = [];

    private ProcessPrograms() { }

    /// <summary>The names of functions.</summary>
    public Symbolizer Symbols => _symbols;

    /// <summary>The rules to unwind stacks by.</summary>
    public UnwindModuleList Modules { get; private set; } = new([]);

    /// <summary>Files that could not be used, in words.</summary>
    public IReadOnlyList<string> Notes => _notes;

    /// <summary>Opens what a process has mapped with code.</summary>
    /// <exception cref="Osprey.Probes.ProbeException">The process ended, or is another user's.</exception>
    public static ProcessPrograms Open(TracedProcess process)
    {
        var programs = new ProcessPrograms();
        try
        {
            var seen = new HashSet<(string, ulong)>();
            foreach (ProcessMapping mapping in process.ReadMappings())
            {
                if (mapping.IsExecutable && seen.Add((mapping.Device, mapping.Inode)))
                    programs.Add(process.ResolvePath(mapping), mapping);
            }

            programs.Modules = new UnwindModuleList(programs._modules);
            return programs;
        }
        catch
        {
            programs.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _symbols.Dispose();

    private void Add(string path, ProcessMapping mapping)
    {
        try
        {
            using (ElfImage image = ElfImage.Open(path))
            {
                if (FindBias(image, mapping) is not { } bias)
                    return;

                ElfSymbolSource source = _symbols.AddElf(path, bias);
                _modules.Add(new UnwindModule(source.Image, bias, source.FindDebugFile));
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or BadDataException)
        {
            _notes.Add($"{mapping.Path} gives no names: {FileProblem.Describe(exception)}");
        }
    }

    /// <summary>The distance of run-time from link-time addresses, by the segment that the mapping is of.</summary>
    private static LoadBias? FindBias(ElfImage image, ProcessMapping mapping)
    {
        foreach (ElfSegment segment in image.Segments)
        {
            ulong skipped = segment.Offset & 0xfff;
            if (segment.Type == ElfSegmentType.Load && segment.Offset - skipped == mapping.FileOffset)
                return new LoadBias(unchecked(mapping.Start - (segment.LinkAddress - skipped)));
        }

        return null;
    }
}
