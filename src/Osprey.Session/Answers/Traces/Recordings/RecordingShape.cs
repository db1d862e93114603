using Osprey.Session.Traces.Rings.Recording;

namespace Osprey.Session.Answers.Traces.Recordings;

/// <summary>The columns of a recording's outcome.</summary>
public static class RecordingShape
{
    /// <summary>The columns.</summary>
    public static Shape<RecordingResult> Shape { get; } =
        new Shape<RecordingResult>("recordings")
            .Text("tracefile", result => result.Path)
            .Texts("files", result => result.Files)
            .Text("end", result => Describe(result.End))
            .Duration("duration", result => (ulong)result.State.Elapsed.TotalNanoseconds)
            .Integer("samples", result => result.State.Samples)
            .Size("bytes", result => result.State.Bytes)
            .Integer("addresses", result => result.Addresses)
            .Integer("named", result => result.Named)
            .Integer("lostSamples", result => result.State.LostSamples)
            .Size("lostBytes", result => result.State.LostBytes)
            .Records("cpus", result => result.State.Cpus, () => RecordedCpuShape.Shape)
            .Texts("defects", result => result.Defects);

    private static string Describe(RecordingEnd end) =>
        end switch
        {
            RecordingEnd.Duration => "duration",
            RecordingEnd.Size => "size",
            RecordingEnd.GuestEnded => "guest ended",
            _ => "asked",
        };
}
