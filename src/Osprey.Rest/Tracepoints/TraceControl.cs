using Osprey.Rest.Connection;
using Osprey.Rest.Counters;

namespace Osprey.Rest.Tracepoints;

/// <summary>Steers tracing in a running guest: which tracepoints record, which are counted, and the sampler.</summary>
/// <remarks>
/// Tracepoints are chosen here and not in the guest, so that a pattern means the same to every version, and what was
/// asked for is read back. A tracepoint's name stands for all its copies.
/// </remarks>
/// <param name="client">Speaks to the guest; stays the caller's.</param>
/// <param name="time">Measures the pauses between readings; the system's when null.</param>
public sealed class TraceControl(GuestRestClient client, TimeProvider? time = null)
{
    /// <summary>Most samples a second that the guest takes.</summary>
    public const int MaxSamplerFrequency = 100_000;

    private const int NanosecondsPerSecond = 1_000_000_000;

    /// <summary>Asks which guest it is. What the server does not serve is null.</summary>
    public async Task<GuestSummary> GetGuestAsync(CancellationToken cancellationToken = default)
    {
        string? version = await IfServedAsync<string?>(async () => await client.GetOsVersionAsync(cancellationToken));
        long? processors = await IfServedAsync<long?>(async () =>
            await client.GetProcessorCountAsync(cancellationToken)
        );
        return new GuestSummary(
            client.BaseUrl,
            version,
            processors is > 0 and <= int.MaxValue ? (int)processors : null
        );
    }

    /// <summary>Reads the state of tracepoints, names in order.</summary>
    /// <exception cref="GuestRestException">A pattern names no tracepoint, or any failure of the guest's.</exception>
    public async Task<IReadOnlyList<TracepointState>> ListAsync(
        TracepointSelection selection,
        CancellationToken cancellationToken = default
    ) => selection.Choose(await ReadAllAsync(cancellationToken));

    /// <summary>Makes tracepoints record hits.</summary>
    /// <param name="selection">Which.</param>
    /// <param name="backtrace">Whether with backtraces; null leaves each as it is.</param>
    /// <param name="cancellationToken">Ends the requests; some may have been done.</param>
    /// <returns>All that were chosen, changed or not.</returns>
    public Task<IReadOnlyList<TracepointChange>> EnableAsync(
        TracepointSelection selection,
        bool? backtrace = null,
        CancellationToken cancellationToken = default
    ) => SetAsync(selection, enabled: true, backtrace, cancellationToken);

    /// <summary>Stops tracepoints from recording hits.</summary>
    /// <inheritdoc cref="EnableAsync"/>
    public Task<IReadOnlyList<TracepointChange>> DisableAsync(
        TracepointSelection selection,
        bool? backtrace = null,
        CancellationToken cancellationToken = default
    ) => SetAsync(selection, enabled: false, backtrace, cancellationToken);

    /// <summary>Starts counting hits. Counters that run already go on from where they are.</summary>
    /// <exception cref="GuestRestException">
    /// A pattern names no tracepoint, or a request failed; those started before it are stopped again.
    /// </exception>
    public async Task<CountersStarted> StartCountingAsync(
        TracepointSelection selection,
        CancellationToken cancellationToken = default
    )
    {
        IReadOnlyList<TracepointState> chosen = await ListAsync(selection, cancellationToken);
        HashSet<string> running =
        [
            .. (await client.GetCountsAsync(cancellationToken)).List.Select(count => count.Name),
        ];
        List<string> started = [];
        try
        {
            foreach (TracepointState state in chosen.Where(state => !running.Contains(state.Name)))
            {
                started.Add(state.Name);
                await client.SetCountAsync(state.Name, true, cancellationToken);
            }
        }
        catch
        {
            await StopQuietlyAsync(started);
            throw;
        }

        return new CountersStarted(started, [.. chosen.Select(state => state.Name).Where(running.Contains)]);
    }

    /// <summary>Stops counters.</summary>
    /// <param name="selection">Which of those that run; null for all, in one request.</param>
    /// <param name="cancellationToken">Ends the requests; some may have been done.</param>
    /// <returns>The last reading, of the counters that were stopped.</returns>
    /// <exception cref="GuestRestException">A pattern names no counter that runs.</exception>
    public async Task<TraceCounts> StopCountingAsync(
        TracepointSelection? selection = null,
        CancellationToken cancellationToken = default
    )
    {
        TraceCounts last = await ReadCountersAsync(cancellationToken);
        if (selection is null)
        {
            await client.DeleteCountsAsync(cancellationToken);
            return last;
        }

        foreach (TracepointPattern pattern in selection.Patterns)
        {
            if (last.List.Any(count => pattern.Matches(count.Name)))
                continue;
            string running =
                last.List.Count == 0
                    ? "None is counted."
                    : $"Counted are: {string.Join(", ", last.List.Select(count => GuestText.Printable(count.Name)))}";
            throw new GuestRestException(
                GuestRestProblem.UnknownTracepoint,
                $"no counter matches '{GuestText.Printable(pattern.Text)}'",
                running
            );
        }

        List<TraceCount> stopped = [.. last.List.Where(count => selection.Matches(count.Name))];
        foreach (TraceCount count in stopped)
            await client.SetCountAsync(count.Name, false, cancellationToken);
        return last with { List = stopped };
    }

    /// <summary>Stops the counters of these names; those that do not run stay so.</summary>
    public async Task StopCountersAsync(IEnumerable<string> names, CancellationToken cancellationToken = default)
    {
        foreach (string name in names)
            await client.SetCountAsync(name, false, cancellationToken);
    }

    /// <summary>Reads the counters: one for each name, names in order; none when nothing is counted.</summary>
    public async Task<TraceCounts> ReadCountersAsync(CancellationToken cancellationToken = default)
    {
        TraceCounts counts = await client.GetCountsAsync(cancellationToken);
        return counts with
        {
            List =
            [
                .. CounterRates
                    .Sum(counts)
                    .Select(sum => new TraceCount(sum.Key, sum.Value))
                    .OrderBy(count => count.Name, StringComparer.Ordinal),
            ],
        };
    }

    /// <summary>Reads the counters again and again; each pair of readings gives rates.</summary>
    /// <param name="interval">The pause between two readings.</param>
    /// <param name="cancellationToken">
    /// Ends it with <see cref="OperationCanceledException"/>. The counters go on.
    /// </param>
    /// <returns>Without an end; the first comes after one interval.</returns>
    public async IAsyncEnumerable<CounterRates> WatchCountersAsync(
        TimeSpan interval,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken = default
    )
    {
        TraceCounts earlier = await client.GetCountsAsync(cancellationToken);
        while (true)
        {
            await Task.Delay(interval, time ?? TimeProvider.System, cancellationToken);
            TraceCounts later = await client.GetCountsAsync(cancellationToken);
            yield return CounterRates.Between(earlier, later);
            earlier = later;
        }
    }

    /// <summary>
    /// Starts the sampler, anew if it runs: on each tick every CPU records where it is, with a backtrace.
    /// </summary>
    /// <param name="frequency">Samples a second on each CPU, up to <see cref="MaxSamplerFrequency"/>.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    public async Task<SamplerChange> StartSamplerAsync(int frequency, CancellationToken cancellationToken = default)
    {
        if (frequency is < 1 or > MaxSamplerFrequency)
            throw new GuestRestException(
                GuestRestProblem.BadRequest,
                $"the sampler cannot run at {frequency} Hz",
                $"Its frequency is from 1 to {MaxSamplerFrequency} Hz; 1000 is a good one."
            );
        return new SamplerChange(
            frequency,
            NanosecondsPerSecond / frequency,
            await client.SetSamplerAsync(frequency, cancellationToken)
        );
    }

    /// <summary>Stops the sampler. No error when it does not run.</summary>
    public async Task<SamplerChange> StopSamplerAsync(CancellationToken cancellationToken = default) =>
        new(0, null, await client.SetSamplerAsync(0, cancellationToken));

    /// <summary>Each API is a plug-in of its own in the guest's image, so one may be missing.</summary>
    private static async Task<T?> IfServedAsync<T>(Func<Task<T?>> ask)
    {
        try
        {
            return await ask();
        }
        catch (GuestRestException e) when (e.Problem == GuestRestProblem.NotServed)
        {
            return default;
        }
    }

    private async Task<IReadOnlyList<TracepointState>> ReadAllAsync(CancellationToken cancellationToken) =>
        TracepointState.Merge(await client.GetStatusAsync(null, cancellationToken));

    private async Task<IReadOnlyList<TracepointChange>> SetAsync(
        TracepointSelection selection,
        bool enabled,
        bool? backtrace,
        CancellationToken cancellationToken
    )
    {
        IReadOnlyList<TracepointState> chosen = await ListAsync(selection, cancellationToken);
        TraceChangePlan plan = new(selection, chosen, enabled, backtrace);
        Dictionary<string, TracepointState> previous = chosen.ToDictionary(state => state.Name, StringComparer.Ordinal);
        if (plan.Steps.Count == 0)
            return [.. chosen.Select(state => new TracepointChange(state.Name, state, state))];

        HashSet<string> reported = new(StringComparer.Ordinal);
        for (int i = 0; i < plan.Steps.Count; i++)
        {
            // The first report on a name is of the state before this command; later ones see what we did ourselves.
            foreach (
                TracepointState state in TracepointState.Merge(await StepAsync(plan, i, enabled, cancellationToken))
            )
            {
                if (previous.ContainsKey(state.Name) && reported.Add(state.Name))
                    previous[state.Name] = state;
            }
        }

        Dictionary<string, TracepointState> current = (await ReadAllAsync(cancellationToken)).ToDictionary(
            state => state.Name,
            StringComparer.Ordinal
        );
        List<string> notApplied =
        [
            .. chosen
                .Where(state =>
                    !current.TryGetValue(state.Name, out TracepointState? now) || !plan.IsAsAsked(state, now)
                )
                .Select(state => GuestText.Printable(state.Name)),
        ];
        if (notApplied.Count > 0)
            throw new GuestRestException(
                GuestRestProblem.NotApplied,
                $"the guest took the request, but is not in the state asked for: {string.Join(", ", notApplied.Take(10))}{(notApplied.Count > 10 ? ", ..." : "")}",
                "Does someone else steer its tracepoints at the same time?"
            );
        return [.. chosen.Select(state => new TracepointChange(state.Name, previous[state.Name], current[state.Name]))];
    }

    private async Task<IReadOnlyList<TraceEventInfo>> StepAsync(
        TraceChangePlan plan,
        int index,
        bool enabled,
        CancellationToken cancellationToken
    )
    {
        TraceChangePlan.Step step = plan.Steps[index];
        try
        {
            return step.Match is not null
                ? await client.SetStatusAsync(step.Match, enabled, step.Backtrace, cancellationToken)
                : [await client.SetEventAsync(step.Id!, enabled, step.Backtrace, cancellationToken)];
        }
        catch (GuestRestException e) when (index > 0)
        {
            throw e.With($"{e.Finding} ({index} of {plan.Steps.Count} requests were done before)");
        }
    }

    /// <summary>Undoes a start that failed. The failure that is under way says more than one from here would.</summary>
    private async Task StopQuietlyAsync(List<string> names)
    {
        try
        {
            await StopCountersAsync(names, CancellationToken.None);
        }
        catch (GuestRestException)
        {
            // The guest is gone, and its counters with it.
        }
    }
}
