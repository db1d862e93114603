using Osprey.Traces.Formats.Osvt.Recordings;

namespace Osprey.Session.Answers.Traces.Recordings;

/// <summary>The columns of what was recorded of each CPU.</summary>
public static class RecordedCpuShape
{
    /// <summary>The columns.</summary>
    public static Shape<RecordedCpu> Shape { get; } =
        new Shape<RecordedCpu>("cpus")
            .Integer("cpu", cpu => cpu.Cpu)
            .Integer("samples", cpu => cpu.Samples)
            .Size("bytes", cpu => cpu.Bytes)
            .Integer("lostSamples", cpu => cpu.LostSamples)
            .Size("lostBytes", cpu => cpu.LostBytes)
            .Integer("gaps", cpu => cpu.Gaps)
            .Integer("earlierSamples", cpu => cpu.EarlierSamples)
            .Size("earlierBytes", cpu => cpu.EarlierBytes)
            .Size("ringSize", cpu => cpu.RingSize);
}
