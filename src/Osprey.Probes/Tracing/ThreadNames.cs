using System.Diagnostics;
using System.Globalization;
using Osprey.Probes.Processes;

namespace Osprey.Probes.Tracing;

/// <summary>The names of threads, each read again after a second: threads may change theirs.</summary>
internal sealed class ThreadNames
{
    private static readonly TimeSpan s_life = TimeSpan.FromSeconds(1);

    private readonly Dictionary<int, (string Name, long Read)> _names = [];

    /// <summary>Finds a thread's name; its id when it has ended before its name was read.</summary>
    public string Find(int threadId)
    {
        bool isKnown = _names.TryGetValue(threadId, out (string Name, long Read) known);
        if (isKnown && Stopwatch.GetElapsedTime(known.Read) < s_life)
            return known.Name;

        if (_names.Count > 100_000)
            _names.Clear();

        string name =
            TracedProcess.ReadThreadName(threadId)
            ?? (isKnown ? known.Name : threadId.ToString(CultureInfo.InvariantCulture));
        _names[threadId] = (name, Stopwatch.GetTimestamp());
        return name;
    }
}
