using Osprey.Session.Answers;

namespace Osprey.Session.Traces.Rings.Top;

/// <summary>Samples of a CPU that were overwritten before they could be read.</summary>
/// <param name="Cpu">The CPU.</param>
/// <param name="Samples">Their number, about.</param>
/// <param name="Bytes">The bytes that they had in the ring, exactly.</param>
public sealed record TopLoss(int Cpu, ulong Samples, ulong Bytes)
{
    /// <summary>The columns.</summary>
    public static Shape<TopLoss> Shape { get; } =
        new Shape<TopLoss>("lost")
            .Integer("cpu", loss => loss.Cpu)
            .Unsigned("samples", loss => loss.Samples)
            .Size("bytes", loss => loss.Bytes);
}
