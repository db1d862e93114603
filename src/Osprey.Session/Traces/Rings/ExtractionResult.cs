using Osprey.Traces.Formats.Osvt.Recordings;

namespace Osprey.Session.Traces.Rings;

/// <summary>What was written of a guest's rings.</summary>
/// <param name="Path">The file.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Cpus">The samples and the losses of each CPU.</param>
/// <param name="Addresses">The distinct addresses in backtraces.</param>
/// <param name="Named">Those of them that have names in the file.</param>
/// <param name="Defects">The reasons why samples may be missing, in words.</param>
public sealed record ExtractionResult(
    string Path,
    long Bytes,
    IReadOnlyList<RecordedCpu> Cpus,
    int Addresses,
    int Named,
    IReadOnlyList<string> Defects
)
{
    /// <summary>The samples of all CPUs.</summary>
    public long Samples => Cpus.Sum(cpu => cpu.Samples);

    /// <summary>The samples that were overwritten before anything was read, of all CPUs.</summary>
    public long EarlierSamples => Cpus.Sum(cpu => cpu.EarlierSamples);

    /// <summary>The bytes that those had in the rings.</summary>
    public long EarlierBytes => Cpus.Sum(cpu => cpu.EarlierBytes);

    /// <summary>The samples that were overwritten while the rings were followed, of all CPUs.</summary>
    public long LostSamples => Cpus.Sum(cpu => cpu.LostSamples);

    /// <summary>The bytes that those had in the rings.</summary>
    public long LostBytes => Cpus.Sum(cpu => cpu.LostBytes);
}
