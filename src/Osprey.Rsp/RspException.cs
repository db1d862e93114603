namespace Osprey.Rsp;

/// <summary>A conversation with a stub failed: what was sent, what came, and what should have come.</summary>
/// <param name="problem">What went wrong.</param>
/// <param name="sent">The request as readable text; null when there was none.</param>
/// <param name="received">What came in its place as readable text; null when nothing did.</param>
/// <param name="inner">What it came from.</param>
public sealed class RspException(string problem, string? sent = null, string? received = null, Exception? inner = null)
    : Exception(Compose(problem, sent, received), inner)
{
    /// <summary>The request as readable text; null when there was none.</summary>
    public string? Sent { get; } = sent;

    /// <summary>What came in place of the expected as readable text; null when nothing did.</summary>
    public string? Received { get; } = received;

    private static string Compose(string problem, string? sent, string? received)
    {
        string message = problem;
        if (sent is not null)
            message += $"; sent \"{sent}\"";

        if (received is not null)
            message += $"; received \"{received}\"";

        return message;
    }
}
