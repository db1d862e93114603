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
    }

    /// <summary>Lets every sample through.</summary>
    public static SampleFilter None { get; } = new([], [], null);

    /// <summary>Tells whether every sample is let through.</summary>
    public bool IsNone => _tracepoints.Length == 0 && _threads.Length == 0 && _cpus is null;

    /// <summary>Tells whether samples are chosen by tracepoint.</summary>
    internal bool HasTracepoints => _tracepoints.Length > 0;

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

        if (_cpus is not null && !_cpus.Contains(sample.Cpu))
            return false;

        return _threads.Length == 0 || MatchesThread(sample);
    }

    /// <summary>A filter that answers alike but can be used on another thread at the same time.</summary>
    public SampleFilter Copy() => IsNone ? this : new SampleFilter(_tracepoints, _threads, _cpus);

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
        answer = Array.Exists(_threads, pattern => pattern.Matches(name) || pattern.Address == thread);
        _threadAnswers[key] = answer;
        return answer;
    }
}
