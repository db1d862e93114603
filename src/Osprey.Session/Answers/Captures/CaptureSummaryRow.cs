using Osprey.Session.Captures;

namespace Osprey.Session.Answers.Captures;

/// <summary>What became of the packets of one device and direction.</summary>
/// <param name="Device">The name of the device.</param>
/// <param name="IsInbound">Whether they came in.</param>
/// <param name="Counts">What became of them.</param>
public sealed record CaptureSummaryRow(string Device, bool IsInbound, QueueCounts Counts)
{
    /// <summary>The columns.</summary>
    public static Shape<CaptureSummaryRow> Shape { get; } =
        new Shape<CaptureSummaryRow>("captures")
            .Text("device", row => row.Device)
            .Text("direction", row => row.IsInbound ? "in" : "out")
            .Integer("packets", row => row.Counts.Total)
            .Integer("captured", row => row.Counts.Captured)
            .Integer("unverified", row => row.Counts.Unverified)
            .Integer("lost", row => row.Counts.Lost)
            .Integer("malformed", row => row.Counts.Malformed);

    /// <summary>Lists them, by device.</summary>
    public static IEnumerable<CaptureSummaryRow> List(IReadOnlyList<CaptureDevice> devices, CaptureResult result)
    {
        for (int i = 0; i < devices.Count; i++)
        {
            yield return new CaptureSummaryRow(devices[i].Name, true, result.Devices[i].Receive);
            yield return new CaptureSummaryRow(devices[i].Name, false, result.Devices[i].Transmit);
        }
    }
}
