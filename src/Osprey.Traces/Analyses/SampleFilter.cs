using System.Text;
using Osprey.Traces.Model;

namespace Osprey.Traces.Analyses;

/// <summary>Chooses the samples that an analysis considers, whatever their time.</summary>
/// <remarks>
/// Timed pairs are matched first and filtered by their entry, so that a filter never tears a pair apart.
/// </remarks>
public sealed class SampleFilter
{
    private readonly NamePattern[] _tracepoints;
    private readonly NamePattern[] _threads;
    private readonly CpuSet? _cpus;

    // Shared by copies, which may set them at the same time: nobody ever clears one.
    private readonly bool[] _metThreads;
    private readonly bool[] _metCpus;
    private readonly Dictionary<(ulong Thread, UInt128 Name), bool> _threadAnswers = [];
    private bool[] _tracepointAnswers = [];

    /// <param name="tracepoints">Names or globs; empty for all.</param>
    /// <param name="threads">Names, globs or addresses (0x...); empty for all.</param>
    /// <param name="cpus">Null for all.</param>
    public SampleFilter(IEnumerable<NamePattern> tracepoints, IEnumerable<NamePattern> threads, CpuSet? cpus)
    {
        _tracepoints = [.. tracepoints];
        _threads = [.. threads];
        _cpus = cpus;
        _metThreads = new bool[_threads.Length];
        _metCpus = new bool[cpus?.Ranges.Count ?? 0];
    }

    private SampleFilter(SampleFilter other)
    {
        _tracepoints = other._tracepoints;
        _threads = other._threads;
        _cpus = other._cpus;
        _metThreads = other._metThreads;
        _metCpus = other._metCpus;
    }

    /// <summary>Lets every sample through.</summary>
    public static SampleFilter None { get; } = new([], [], null);

    /// <summary>Tells whether every sample is let through.</summary>
    public bool IsNone => _tracepoints.Length == 0 && _threads.Length == 0 && _cpus is null;

    /// <summary>Tells whether samples are chosen by tracepoint.</summary>
    internal bool HasTracepoints => _tracepoints.Length > 0;

    /// <summary>The patterns for tracepoints that no tracepoint of any of these dictionaries matches.</summary>
    public IEnumerable<NamePattern> FindUnmatched(IReadOnlyList<TracepointTable> dictionaries) =>
        _tracepoints.Where(pattern =>
            !dictionaries.SelectMany(table => table.All).Any(tracepoint => pattern.Matches(tracepoint.Name))
        );

    /// <summary>The patterns for threads that no sample matched which this filter or a copy was asked about.</summary>
    public IEnumerable<NamePattern> UnmetThreads => _threads.Where((_, index) => !_metThreads[index]);

    /// <summary>The numbers and ranges of CPUs of which no sample was met, likewise.</summary>
    public IEnumerable<(uint First, uint Last)> UnmetCpus => _cpus?.Ranges.Where((_, index) => !_metCpus[index]) ?? [];

    /// <summary>Tells whether samples of a tracepoint are wanted.</summary>
    public bool Matches(Tracepoint tracepoint) =>
        _tracepoints.Length == 0 || Array.Exists(_tracepoints, pattern => pattern.Matches(tracepoint.Name));

    /// <summary>Tells whether a sample is wanted.</summary>
    public bool Matches(in TraceEvent sample, TracepointTable tracepoints)
    {
        if (_tracepoints.Length > 0)
        {
            if (_tracepointAnswers.Length < tracepoints.Count)
                _tracepointAnswers = [.. tracepoints.All.Select(Matches)];

            if (!_tracepointAnswers[sample.Tracepoint])
                return false;
        }

        if (_cpus is not null)
        {
            int range = _cpus.IndexOf(sample.Cpu);
            if (range < 0)
                return false;

            if (!_metCpus[range])
                _metCpus[range] = true;
        }

        return _threads.Length == 0 || MatchesThread(sample);
    }

    /// <summary>A filter that answers alike but can be used on another thread at the same time.</summary>
    public SampleFilter Copy() => IsNone ? this : new SampleFilter(this);

    private bool MatchesThread(in TraceEvent sample)
    {
        var key = (
            sample.Thread,
            System.Buffers.Binary.BinaryPrimitives.ReadUInt128LittleEndian(sample.ThreadNameField)
        );
        if (_threadAnswers.TryGetValue(key, out bool answer))
            return answer;

        string name = Encoding.UTF8.GetString(sample.ThreadName);
        ulong thread = sample.Thread;
        for (int i = 0; i < _threads.Length; i++)
        {
            if (_threads[i].Matches(name) || _threads[i].Address == thread)
                answer = _metThreads[i] = true;
        }

        _threadAnswers[key] = answer;
        return answer;
    }
}
