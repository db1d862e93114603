namespace Osprey.Rsp;

/// <summary>A conversation with a stub failed. The message has the request and the reply.</summary>
/// <param name="problem">The text that says what went wrong.</param>
/// <param name="sent">The request as readable text; null when there was none.</param>
/// <param name="received">The bytes that came instead, as readable text; null when none did.</param>
/// <param name="inner">The exception that caused this one; null for none.</param>
public sealed class RspException(string problem, string? sent = null, string? received = null, Exception? inner = null)
    : Exception(Compose(problem, sent, received), inner)
{
    /// <summary>The request as readable text; null when there was none.</summary>
    public string? Sent { get; } = sent;

    /// <summary>The bytes that came instead of the expected ones, as readable text; null when none did.</summary>
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
