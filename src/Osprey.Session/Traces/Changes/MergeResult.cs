using Osprey.Session.Answers;

namespace Osprey.Session.Traces.Changes;

/// <summary>The outcome of a merge.</summary>
/// <param name="OutputPath">The file that was written.</param>
/// <param name="SamplesA">The samples of the first trace.</param>
/// <param name="SamplesB">The samples of the second trace.</param>
/// <param name="Offset">What was added to the times of the second trace, in nanoseconds.</param>
/// <param name="FirstCpuB">The number that CPU 0 of the second trace has now.</param>
/// <param name="BeforeZero">Samples of the second trace that came to lie before time 0, and were left out.</param>
public sealed record MergeResult(
    string OutputPath,
    long SamplesA,
    long SamplesB,
    long Offset,
    int FirstCpuB,
    long BeforeZero
)
{
    /// <summary>The columns.</summary>
    public static Shape<MergeResult> Shape { get; } =
        new Shape<MergeResult>("merges")
            .Text("output", result => result.OutputPath)
            .Integer("samplesA", result => result.SamplesA)
            .Integer("samplesB", result => result.SamplesB)
            .Duration("offset", result => (long?)result.Offset)
            .Integer("firstCpuB", result => result.FirstCpuB)
            .Integer("beforeZero", result => result.BeforeZero);
}
