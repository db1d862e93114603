using Osprey.Rest.Counters;
using Osprey.Session.Answers;

namespace Osprey.Cli.Commands.Trace.Control;

/// <summary>The hits of tracepoints between two looks at a guest's trace buffers.</summary>
/// <param name="TimeMilliseconds">The time since the first look.</param>
/// <param name="DeltaMilliseconds">The time since the look before.</param>
/// <param name="Rates">The hits of each tracepoint, by name.</param>
/// <param name="LostSamples">All samples so far that were overwritten before they could be read.</param>
/// <param name="LostBytes">The bytes that those had.</param>
internal sealed record GuestRates(
    long TimeMilliseconds,
    long DeltaMilliseconds,
    IReadOnlyList<CounterRate> Rates,
    long LostSamples,
    long LostBytes
)
{
    private static readonly Shape<CounterRate> s_rate = new Shape<CounterRate>("counters")
        .Text("name", rate => rate.Name)
        .Integer("count", rate => rate.Count)
        .Integer("delta", rate => rate.Delta)
        .Rate("perSecond", rate => rate.PerSecond);

    /// <summary>The columns: those of the REST server's counters, and the losses.</summary>
    public static Shape<GuestRates> Shape { get; } =
        new Shape<GuestRates>("readings")
            .Integer("timeMilliseconds", rates => rates.TimeMilliseconds)
            .Integer("deltaMilliseconds", rates => rates.DeltaMilliseconds)
            .Integer("lostSamples", rates => rates.LostSamples)
            .Integer("lostBytes", rates => rates.LostBytes)
            .Records("counters", rates => rates.Rates, () => s_rate);

    /// <summary>The rates that follow on these.</summary>
    public GuestRates Next(long milliseconds, Func<string, long> count, long lostSamples, long lostBytes)
    {
        long passed = Math.Max(milliseconds - TimeMilliseconds, 1);
        return new GuestRates(
            milliseconds,
            passed,
            [
                .. Rates.Select(before =>
                {
                    long now = count(before.Name);
                    long hits = now - before.Count;
                    return new CounterRate(before.Name, now, hits, hits / (passed / 1000.0));
                }),
            ],
            lostSamples,
            lostBytes
        );
    }

    /// <summary>The same as the table for counters takes it.</summary>
    public CounterRates ToCounterRates() => new(TimeMilliseconds, DeltaMilliseconds, Rates);
}
