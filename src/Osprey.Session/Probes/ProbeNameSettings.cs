using Osprey.Binary;
using Osprey.Probes;
using Osprey.Probes.Names;

namespace Osprey.Session.Probes;

/// <summary>Where the names of arguments come from.</summary>
public sealed record ProbeNameSettings
{
    /// <summary>Tapsets, or folders of them, in place of the system's.</summary>
    public IReadOnlyList<string> Tapsets { get; init; } = [];

    /// <summary>QEMU's lists of events, or folders of them.</summary>
    public IReadOnlyList<string> TraceEvents { get; init; } = [];

    /// <summary>False to leave debug info alone.</summary>
    public bool UsesDebugInfo { get; init; } = true;

    /// <summary>Opens the sources of names.</summary>
    /// <param name="openPath">Gives the path to open a program's file by; null for its own.</param>
    /// <param name="debugInfo">The source that is to be closed; null when debug info is left alone.</param>
    /// <exception cref="IOException">A file that was asked for can't be read.</exception>
    /// <exception cref="BadDataException">A file that was asked for is no such file.</exception>
    public ArgumentNameList Open(Func<ProbeFile, string>? openPath, out DebugInfoNames? debugInfo)
    {
        var sources = new List<IArgumentNames>();
        if (TraceEvents.Count > 0)
        {
            var events = new TraceEventNames();
            foreach (string path in TraceEvents)
                events.Add(path);

            if (events.Count == 0)
                throw new BadDataException(TraceEvents[0], 0, "there is no event of QEMU in it");

            sources.Add(events);
        }

        var tapsets = new TapsetNames();
        if (Tapsets.Count == 0 && Directory.Exists(TapsetNames.SystemFolder))
            tapsets.Add(TapsetNames.SystemFolder);

        foreach (string path in Tapsets)
            tapsets.Add(path);

        if (Tapsets.Count > 0 && tapsets.Count == 0)
            throw new BadDataException(Tapsets[0], 0, "there is no alias of a static probe in it");

        sources.Add(tapsets);
        debugInfo = UsesDebugInfo ? new DebugInfoNames(openPath) : null;
        if (debugInfo is not null)
            sources.Add(debugInfo);

        return new ArgumentNameList(sources);
    }
}
