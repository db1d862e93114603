using System.Globalization;
using Microsoft.Win32.SafeHandles;
using Osprey.Probes;
using Osprey.Probes.Names;
using Osprey.Probes.Processes;
using Osprey.Probes.Recording;
using Osprey.Probes.Tracing;
using Osprey.Probes.Tracing.Ptrace;
using Osprey.Probes.Tracing.Uprobes;
using Osprey.Traces.Formats.Osvt.Recordings;

namespace Osprey.Session.Probes;

/// <summary>Traces the probes of a process. All of it belongs to the thread that opens it.</summary>
public sealed class ProbeTracing : IDisposable
{
    private readonly List<string> _notes = [];
    private readonly ProcessPrograms? _programs;
    private readonly ProbeBackend _backend;
    private readonly TracedProcess _process;

    private ProbeTracing(
        TracedProcess process,
        IReadOnlyList<TracedSite> sites,
        ProcessPrograms? programs,
        ProbeBackend backend,
        IEnumerable<string> notes
    )
    {
        _process = process;
        Sites = sites;
        _programs = programs;
        _backend = backend;
        _notes.AddRange(notes);
    }

    /// <summary>The sites that are traced.</summary>
    public IReadOnlyList<TracedSite> Sites { get; }

    /// <summary>Names for the addresses in stacks; null when neither stacks nor a recording were asked for.</summary>
    public Osprey.Symbols.ISymbolSource? Symbols => _programs?.Symbols;

    /// <summary>The way in which the process is traced, in words.</summary>
    public string Description => _backend.Description;

    /// <summary>What the user ought to know.</summary>
    public IEnumerable<string> Notes => _notes.Concat(_backend.Notes);

    /// <summary>The hits that happened but could not be told.</summary>
    public long LostHits => _backend.LostHits;

    /// <summary>Why following ended by itself; null when it was asked to end.</summary>
    public string? EndReason => _backend.EndReason;

    /// <summary>Puts the probes into the process.</summary>
    /// <exception cref="ProbeException">That can't be done.</exception>
    public static ProbeTracing Open(ProbeTraceRequest request)
    {
        if (request.ProcessId == Environment.ProcessId)
            throw new ProbeException("osprey can't trace itself");

        var notes = new List<string>(ProbeJournal.UndoLeft());
        var process = TracedProcess.Find(request.ProcessId);
        IReadOnlyList<LoadedProbes> loaded = LoadedProbes.Find(process, notes);
        IReadOnlyList<TracedSite> sites = FindSites(request, loaded);
        ProcessPrograms? programs = null;
        try
        {
            if (request.WithStacks || request.WithSymbols)
                programs = ProcessPrograms.Open(process);

            ProcessStackWalker? walker = request.WithStacks ? new ProcessStackWalker(programs!) : null;
            ProbeBackend backend = Begin(request.Backend, process, sites, walker, notes);
            return new ProbeTracing(process, sites, programs, backend, notes);
        }
        catch
        {
            programs?.Dispose();
            throw;
        }
    }

    /// <summary>Begins a recording of the hits.</summary>
    /// <param name="file">An empty file; stays open.</param>
    /// <param name="withStacks">Whether there is room for whole stacks.</param>
    public ProbeRecording CreateRecording(SafeFileHandle file, bool withStacks) =>
        new(
            file,
            new RecordingFacts(
                "static probes",
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"process {_process.ProcessId} ({TracedProcess.ReadThreadName(_process.ProcessId)})"
                ),
                DateTime.UtcNow.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture),
                "probes",
                Environment.ProcessorCount
            )
            {
                Clock = HostClock.Name,
            },
            withStacks ? ProcessStackWalker.MaxFrames + 1 : 1,
            Symbols
        );

    /// <inheritdoc cref="ProbeBackend.Follow"/>
    public void Follow(Func<ProbeHit, bool> take, Action pause, CancellationToken cancellation) =>
        _backend.Follow(take, pause, cancellation);

    /// <summary>Takes the probes out of the process.</summary>
    public void End() => _backend.End();

    /// <inheritdoc/>
    public void Dispose()
    {
        _backend.Dispose();
        _programs?.Dispose();
    }

    private static IReadOnlyList<TracedSite> FindSites(ProbeTraceRequest request, IReadOnlyList<LoadedProbes> loaded)
    {
        var paths = loaded.ToDictionary(item => item.File, item => item.OpenPath);
        ArgumentNameList names = request.Names.Open(file => paths[file], out DebugInfoNames? debugInfo);
        using (debugInfo)
            return SiteFinder.Find(loaded, request.Patterns, names);
    }

    private static ProbeBackend Begin(
        ProbeBackendKind kind,
        TracedProcess process,
        IReadOnlyList<TracedSite> sites,
        IStackWalker? walker,
        List<string> notes
    )
    {
        if (kind != ProbeBackendKind.Ptrace)
        {
            try
            {
                var kernel = new UprobeBackend(process, sites, walker);
                kernel.Begin();
                return kernel;
            }
            catch (ProbeException exception) when (kind == ProbeBackendKind.Auto)
            {
                notes.Add($"kernel uprobes can't be used ({exception.Message}); breakpoints are, which are slower");
            }
        }

        var ptrace = new PtraceBackend(process, sites, walker);
        ptrace.Begin();
        return ptrace;
    }
}
