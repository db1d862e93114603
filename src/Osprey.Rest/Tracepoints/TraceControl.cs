using Osprey.Rest.Connection;
using Osprey.Rest.Counters;

namespace Osprey.Rest.Tracepoints;

/// <summary>Controls tracing in a running guest: recording of tracepoints, counters, and the sampler.</summary>
/// <remarks>
/// This class decides which tracepoints a pattern names, not the guest, so that a pattern means the same for every
/// version of OSv. After a change it reads the state back and checks it. A tracepoint's name stands for all its copies.
/// </remarks>
/// <param name="client">The client that sends the requests. The caller disposes of it.</param>
/// <param name="time">The clock for the pauses between readings; null for the system's clock.</param>
public sealed class TraceControl(GuestRestClient client, TimeProvider? time = null)
{
    /// <summary>The highest sampler frequency that the guest accepts, in samples per second.</summary>
    public const int MaxSamplerFrequency = 100_000;

    private const int NanosecondsPerSecond = 1_000_000_000;

    /// <summary>Reads the guest's version and number of CPUs; each is null when the server does not serve it.</summary>
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

    /// <summary>Reads the state of tracepoints, ordered by name.</summary>
    /// <exception cref="GuestRestException">A pattern names no tracepoint, or a request failed.</exception>
    public async Task<IReadOnlyList<TracepointState>> ListAsync(
        TracepointSelection selection,
        CancellationToken cancellationToken = default
    ) => selection.Choose(await ReadAllAsync(cancellationToken));

    /// <summary>Makes tracepoints record hits.</summary>
    /// <param name="selection">The tracepoints.</param>
    /// <param name="backtrace">True to record backtraces, false not to; null leaves each tracepoint's flag.</param>
    /// <param name="cancellationToken">Ends the requests. Some changes may have been made.</param>
    /// <returns>All tracepoints that were chosen, changed or not.</returns>
    /// <exception cref="GuestRestException">
    /// A pattern names no tracepoint, a request failed, or the guest did not make the change.
    /// </exception>
    public Task<IReadOnlyList<TracepointChange>> EnableAsync(
        TracepointSelection selection,
        bool? backtrace = null,
        CancellationToken cancellationToken = default
    ) => SetAsync(selection, enabled: true, backtrace, cancellationToken);

    /// <summary>Makes tracepoints stop recording hits.</summary>
    /// <inheritdoc cref="EnableAsync"/>
    public Task<IReadOnlyList<TracepointChange>> DisableAsync(
        TracepointSelection selection,
        bool? backtrace = null,
        CancellationToken cancellationToken = default
    ) => SetAsync(selection, enabled: false, backtrace, cancellationToken);

    /// <summary>Starts to count hits. Counters that run already go on.</summary>
    /// <exception cref="GuestRestException">
    /// A pattern names no tracepoint, or a request failed. The counters that were started before are stopped again.
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
    /// <param name="selection">The running counters to stop; null for all, in one request.</param>
    /// <param name="cancellationToken">Ends the requests. Some counters may have been stopped.</param>
    /// <returns>The last reading of the counters that were stopped.</returns>
    /// <exception cref="GuestRestException">A pattern names no running counter, or a request failed.</exception>
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
                    : $"Counted are: {string.Join(", ", last.List.Select(count => ReplyText.Printable(count.Name)))}";
            throw new GuestRestException(
                GuestRestProblem.UnknownTracepoint,
                $"no counter matches '{ReplyText.Printable(pattern.Text)}'",
                running
            );
        }

        List<TraceCount> stopped = [.. last.List.Where(count => selection.Matches(count.Name))];
        foreach (TraceCount count in stopped)
            await client.SetCountAsync(count.Name, false, cancellationToken);
        return last with { List = stopped };
    }

    /// <summary>Stops the counters of these names. It is no error when one does not run.</summary>
    public async Task StopCountersAsync(IEnumerable<string> names, CancellationToken cancellationToken = default)
    {
        foreach (string name in names)
            await client.SetCountAsync(name, false, cancellationToken);
    }

    /// <summary>Reads the counters: one for each name, ordered by name; none when no counter runs.</summary>
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

    /// <summary>Reads the counters repeatedly and gives the rates between each two readings.</summary>
    /// <param name="interval">The pause between two readings.</param>
    /// <param name="cancellationToken">
    /// Ends the readings with an <see cref="OperationCanceledException"/>. The counters go on.
    /// </param>
    /// <returns>An endless sequence; the first item comes after one interval.</returns>
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
    /// Starts the sampler, or restarts it: at each tick every CPU records where it is, with a backtrace.
    /// </summary>
    /// <param name="frequency">The samples per second on each CPU, from 1 to <see cref="MaxSamplerFrequency"/>.</param>
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

    /// <summary>Stops the sampler. It is no error when it does not run.</summary>
    public async Task<SamplerChange> StopSamplerAsync(CancellationToken cancellationToken = default) =>
        new(0, null, await client.SetSamplerAsync(0, cancellationToken));

    /// <summary>
    /// Sends a request, and gives null when the guest does not serve it: each API is a separate plug-in of the image.
    /// </summary>
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
            // The first report on a name has the state before this command; later ones have our own changes.
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
                .Select(state => ReplyText.Printable(state.Name)),
        ];
        if (notApplied.Count > 0)
            throw new GuestRestException(
                GuestRestProblem.NotApplied,
                "the guest took the request, but is not in the state asked for: "
                    + string.Join(", ", notApplied.Take(10))
                    + (notApplied.Count > 10 ? ", ..." : ""),
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

    /// <summary>Stops counters again after a failed start. Reports nothing: the first failure says more.</summary>
    private async Task StopQuietlyAsync(List<string> names)
    {
        try
        {
            await StopCountersAsync(names, CancellationToken.None);
        }
        catch (GuestRestException)
        {
            // The guest may be gone, and its counters with it.
        }
    }
}
