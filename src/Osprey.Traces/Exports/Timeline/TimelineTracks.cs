using Osprey.Traces.Model;

namespace Osprey.Traces.Exports.Timeline;

/// <summary>The rows of a trace viewer: one process with the guest's threads, one with its CPUs.</summary>
/// <remarks>
/// Viewers read numbers as doubles, so threads are numbered as they are met and their addresses stand in the names.
/// </remarks>
internal sealed class TimelineTracks(SampleTexts texts, bool mayBeginTogether)
{
    /// <summary>The viewer's process with the threads.</summary>
    public const int ThreadProcess = 1;

    /// <summary>The viewer's process with the CPUs.</summary>
    public const int CpuProcess = 2;

    private readonly OrderedDictionary<ulong, TimelineTrack> _threads = [];
    private readonly OrderedDictionary<(uint Cpu, bool IsIdle), TimelineTrack> _cpus = [];
    private readonly Dictionary<ulong, string> _names = [];
    private int _threadCount;
    private int _cpuCount;

    /// <summary>Tells whether anything of the process with the CPUs was asked for or written.</summary>
    public bool HasCpus { get; set; }

    /// <summary>Takes note of a thread's name: the last one counts.</summary>
    public void Observe(in TraceEvent sample) => _names[sample.Thread] = texts.ThreadName(sample);

    /// <summary>The row of a thread.</summary>
    public TimelineTrack Thread(ulong thread)
    {
        if (!_threads.TryGetValue(thread, out TimelineTrack? track))
            _threads.Add(thread, track = new TimelineTrack(ThreadProcess, () => ++_threadCount, mayBeginTogether));

        return track;
    }

    /// <summary>The row with what runs on a CPU, or with when it is idle.</summary>
    public TimelineTrack Cpu(uint cpu, bool isIdle)
    {
        HasCpus = true;
        if (!_cpus.TryGetValue((cpu, isIdle), out TimelineTrack? track))
        {
            track = new TimelineTrack(CpuProcess, () => ++_cpuCount, mayBeginTogether)
            {
                Name = isIdle ? $"CPU {cpu} idle" : $"CPU {cpu}",
            };
            _cpus.Add((cpu, isIdle), track);
        }

        return track;
    }

    /// <summary>Finds a thread's name; gives its address when the name is not known.</summary>
    public string NameOf(ulong thread) =>
        _names.TryGetValue(thread, out string? name) && name.Length > 0 ? name : $"0x{thread:x}";

    /// <summary>Writes the names of all rows.</summary>
    public void WriteNames(ITimelineWriter writer)
    {
        if (_threads.Count > 0)
            writer.NameProcess(ThreadProcess, "guest threads");

        if (HasCpus)
            writer.NameProcess(CpuProcess, "guest CPUs");

        foreach ((ulong thread, TimelineTrack track) in _threads)
        {
            track.Name =
                thread == 0 ? "no thread"
                : _names.GetValueOrDefault(thread, "") is { Length: > 0 } name ? $"{name} 0x{thread:x}"
                : $"0x{thread:x}";
            track.WriteNames(writer);
        }

        foreach (TimelineTrack track in _cpus.Values)
            track.WriteNames(writer);
    }
}
