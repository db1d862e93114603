using Osprey.Session.Traces.Rings;

namespace Osprey.Session.Answers.Traces.Recordings;

/// <summary>The columns of what was extracted of a guest's rings.</summary>
public static class ExtractionShape
{
    /// <summary>The columns.</summary>
    public static Shape<ExtractionResult> Shape { get; } =
        new Shape<ExtractionResult>("extractions")
            .Text("tracefile", result => result.Path)
            .Integer("samples", result => result.Samples)
            .Size("bytes", result => result.Bytes)
            .Integer("addresses", result => result.Addresses)
            .Integer("named", result => result.Named)
            .Integer("earlierSamples", result => result.EarlierSamples)
            .Size("earlierBytes", result => result.EarlierBytes)
            .Integer("lostSamples", result => result.LostSamples)
            .Size("lostBytes", result => result.LostBytes)
            .Records("cpus", result => result.Cpus, () => RecordedCpuShape.Shape)
            .Texts("defects", result => result.Defects);
}
