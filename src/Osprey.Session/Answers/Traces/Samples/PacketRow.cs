namespace Osprey.Session.Answers.Traces.Samples;

/// <summary>A packet in words.</summary>
/// <param name="Time">The guest's time in nanoseconds.</param>
/// <param name="Cpu">The CPU's number.</param>
/// <param name="IsInbound">Whether it came in.</param>
/// <param name="Words">The packet in words.</param>
public readonly record struct PacketRow(ulong Time, uint Cpu, bool IsInbound, string Words)
{
    /// <summary>The columns.</summary>
    public static Shape<PacketRow> Shape { get; } =
        new Shape<PacketRow>("packets")
            .Time("time", row => row.Time)
            .Integer("cpu", row => row.Cpu)
            .Text("direction", row => row.IsInbound ? "in" : "out")
            .Text("packet", row => row.Words);
}
