using Osprey.Rest.Tracepoints;
using Osprey.Session.Answers;

namespace Osprey.Cli.Commands.Rest.Answers;

/// <summary>The columns of what starting or stopping the sampler did.</summary>
internal static class SamplerShape
{
    public static Shape<SamplerChange> Shape { get; } =
        new Shape<SamplerChange>("samplers")
            .Integer("frequency", change => change.Frequency)
            .Duration("periodNanoseconds", change => change.PeriodNanoseconds)
            .Text("reply", change => change.Reply);
}
