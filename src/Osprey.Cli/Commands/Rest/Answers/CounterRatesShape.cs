using Osprey.Rest.Counters;
using Osprey.Session.Answers;

namespace Osprey.Cli.Commands.Rest.Answers;

/// <summary>The columns of what counters did between two readings.</summary>
internal static class CounterRatesShape
{
    private static readonly Shape<CounterRate> s_rate = new Shape<CounterRate>("counters")
        .Text("name", rate => rate.Name)
        .Integer("count", rate => rate.Count)
        .Integer("delta", rate => rate.Delta)
        .Rate("perSecond", rate => rate.PerSecond);

    public static Shape<CounterRates> Shape { get; } =
        new Shape<CounterRates>("readings")
            .Integer("timeMilliseconds", rates => rates.TimeMilliseconds)
            .Integer("deltaMilliseconds", rates => rates.DeltaMilliseconds)
            .Records("counters", rates => rates.Rates, () => s_rate);
}
