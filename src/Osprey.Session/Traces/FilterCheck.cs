using System.Text;
using Osprey.Binary;
using Osprey.Symbols;
using Osprey.Traces.Analyses;
using Osprey.Traces.Model;

namespace Osprey.Session.Traces;

/// <summary>Finds the tracepoints, threads and CPUs that a filter names and a trace does not have.</summary>
public static class FilterCheck
{
    private const int MaxThreads = 4096;
    private const int MaxCpus = 4096;

    /// <summary>Checks the tracepoints, before anything is read.</summary>
    /// <param name="filter">What the user asked for.</param>
    /// <param name="traces">The traces; one of them must have the tracepoint.</param>
    /// <returns>A message for each that is in none.</returns>
    public static IReadOnlyList<string> CheckTracepoints(
        SampleFilter filter,
        params IReadOnlyList<TraceSession> traces
    ) => CheckTracepoints(filter, [.. traces.Select(trace => trace.Reader.Tracepoints)], "trace", "osprey trace info");

    /// <summary>Checks the tracepoints of a guest that is followed.</summary>
    /// <param name="filter">What the user asked for.</param>
    /// <param name="tracepoints">All that the guest has.</param>
    /// <returns>A message for each that it lacks.</returns>
    public static IReadOnlyList<string> CheckTracepoints(SampleFilter filter, TracepointTable tracepoints) =>
        CheckTracepoints(filter, [tracepoints], "guest", "osprey trace status --target");

    private static string[] CheckTracepoints(
        SampleFilter filter,
        TracepointTable[] dictionaries,
        string owner,
        string listing
    )
    {
        string[] names = [.. dictionaries.SelectMany(table => table.All).Select(tracepoint => tracepoint.Name)];
        return
        [
            .. filter
                .FindUnmatched(dictionaries)
                .Select(pattern =>
                    $"the {owner} has no tracepoint '{pattern}'{Hint(pattern.ToString(), names, listing)}"
                ),
        ];
    }

    /// <summary>Checks the threads and CPUs, after the samples were read.</summary>
    /// <remarks>
    /// When the filter met no sample of one, the trace is read once more: the thread may have samples all the same, of
    /// other tracepoints or times. Standard input cannot be read again.
    /// </remarks>
    /// <param name="filter">The filter through which the samples went, or what it was copied from.</param>
    /// <param name="traces">The traces; one of them must have the thread or CPU.</param>
    /// <returns>A message for each that is in none.</returns>
    public static IReadOnlyList<string> CheckSamples(SampleFilter filter, params IReadOnlyList<TraceSession> traces)
    {
        NamePattern[] threads = [.. filter.UnmetThreads];
        (uint First, uint Last)[] cpus = [.. filter.UnmetCpus];
        if (threads.Length == 0 && cpus.Length == 0)
            return [];

        HashSet<(ulong Address, string Name)> presentThreads = [];
        SortedSet<uint> presentCpus = [];
        foreach (TraceSession trace in traces.Where(trace => trace.IsFile))
            Collect(trace.Path, presentThreads, presentCpus);

        bool isComplete = presentThreads.Count < MaxThreads && presentCpus.Count < MaxCpus;
        if (!isComplete || presentCpus.Count == 0)
            return []; // too many to say that one is missing, or nothing to choose from

        string[] names = [.. presentThreads.Select(thread => thread.Name)];
        return
        [
            .. threads
                .Where(pattern =>
                    !presentThreads.Any(thread => pattern.Matches(thread.Name) || pattern.Address == thread.Address)
                )
                .Select(pattern => $"the trace has no thread '{pattern}'{Hint(pattern.ToString(), names)}"),
            .. cpus.Where(range => !presentCpus.Any(cpu => cpu >= range.First && cpu <= range.Last))
                .Select(range => $"the trace has no CPU {Text(range)}; it has {Text(presentCpus)}"),
        ];
    }

    private static void Collect(string path, HashSet<(ulong Address, string Name)> threads, SortedSet<uint> cpus)
    {
        using TraceSession again = TraceSession.Open(path);
        var batch = new SampleBatch();
        ulong lastThread = ulong.MaxValue;
        uint lastCpu = uint.MaxValue - 1;
        while (again.Reader.Read(batch) && threads.Count < MaxThreads && cpus.Count < MaxCpus)
        {
            for (int i = 0; i < batch.Count; i++)
            {
                TraceEvent sample = batch[i];
                if (sample.Cpu == lastCpu && sample.Thread == lastThread)
                    continue;

                (lastCpu, lastThread) = (sample.Cpu, sample.Thread);
                cpus.Add(sample.Cpu);
                threads.Add((sample.Thread, Encoding.UTF8.GetString(sample.ThreadName)));
            }
        }
    }

    private static string Hint(string wanted, string[] names, string listing = "osprey trace info")
    {
        if (wanted.Length > 0 && names.Any(name => name.StartsWith(wanted, StringComparison.Ordinal)))
            return $"; did you mean '{wanted}*'?";

        IReadOnlyList<string> near = NearNames.Find(wanted, names);
        return near.Count > 0
            ? $"; did you mean {string.Join(", ", near.Select(MessageText.Shorten))}?"
            : $" ({listing} shows what it has)";
    }

    private static string Text((uint First, uint Last) range) =>
        range.First == range.Last ? $"{range.First}" : $"{range.First}-{range.Last}";

    private static string Text(SortedSet<uint> cpus)
    {
        const int Shown = 16;
        string rest = cpus.Count > Shown ? $" and {cpus.Count - Shown} more" : "";
        return string.Join(", ", cpus.Take(Shown)) + rest;
    }
}
