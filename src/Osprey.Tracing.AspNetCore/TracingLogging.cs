using Microsoft.Extensions.Logging;

namespace Osprey.Tracing.AspNetCore;

/// <summary>Writes the records of this process to a log.</summary>
public static partial class TracingLogging
{
    /// <summary>Writes each record as a message, as it is written, in the form of OSv's strace.</summary>
    /// <param name="logger">The log.</param>
    /// <param name="level">The messages' level.</param>
    /// <returns>Ends it when it is disposed of, and counts what was printed and lost.</returns>
    /// <remarks>
    /// When the log is slower than recording, records are lost; a message says how many. Tracepoints that the log
    /// itself reaches on the same thread are not printed.
    /// </remarks>
    /// <exception cref="InvalidOperationException">Records are printed already.</exception>
    public static StraceSession StartStrace(this ILogger logger, LogLevel level = LogLevel.Information)
    {
        ArgumentNullException.ThrowIfNull(logger);
        return Strace.To(line => LogRecord(logger, level, line));
    }

    [LoggerMessage(EventId = 1, EventName = "Strace", Message = "{Line}")]
    private static partial void LogRecord(ILogger logger, LogLevel level, string line);
}
