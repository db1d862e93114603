namespace Osprey.Session.Captures;

/// <summary>What became of a capture.</summary>
/// <param name="Start">When it began, nanoseconds since 1970.</param>
/// <param name="End">When it ended, nanoseconds since 1970.</param>
/// <param name="Reason">Why it ended.</param>
/// <param name="Devices">For each device the packets that came in, and those that went out.</param>
/// <param name="Defects">What was wrong with the queues, in words.</param>
/// <param name="Notes">What happened to the queues meanwhile, in words.</param>
public sealed record CaptureResult(
    ulong Start,
    ulong End,
    CaptureEnd Reason,
    IReadOnlyList<(QueueCounts Receive, QueueCounts Transmit)> Devices,
    IReadOnlyList<string> Defects,
    IReadOnlyList<string> Notes
)
{
    /// <summary>All packets of all devices.</summary>
    public QueueCounts Total
    {
        get
        {
            QueueCounts total = default;
            foreach ((QueueCounts receive, QueueCounts transmit) in Devices)
                total = total.Add(receive).Add(transmit);

            return total;
        }
    }
}
