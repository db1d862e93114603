using Osprey.Traces.Formats.Osvt.Recordings;

namespace Osprey.Session.Traces.Rings.Recording;

/// <summary>How far a recording is.</summary>
/// <param name="Elapsed">The time since it began.</param>
/// <param name="Bytes">The bytes that were written, to all files.</param>
/// <param name="Cpus">The samples and losses of each CPU.</param>
public sealed record RecordingState(TimeSpan Elapsed, long Bytes, IReadOnlyList<RecordedCpu> Cpus)
{
    /// <summary>The samples that were read.</summary>
    public long Samples => Cpus.Sum(cpu => cpu.Samples);

    /// <summary>The samples that were overwritten before they could be read.</summary>
    public long LostSamples => Cpus.Sum(cpu => cpu.LostSamples);

    /// <summary>The bytes that those had in the rings.</summary>
    public long LostBytes => Cpus.Sum(cpu => cpu.LostBytes);
}
