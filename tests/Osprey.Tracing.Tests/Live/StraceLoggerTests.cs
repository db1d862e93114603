using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Osprey.Tracing.AspNetCore;
using Osprey.Tracing.Rings;

namespace Osprey.Tracing.Tests.Live;

/// <summary>Records are messages of a log; those that a slow log had no time for are counted in one.</summary>
public sealed class StraceLoggerTests
{
    private static readonly Tracepoint<int> s_logged = Tracepoint.Define<int>("strace_logged", "%d");

    [Fact]
    public void StartStrace_OfALog_WritesEachRecordAtTheLevel()
    {
        var log = new MessageList();
        using (log.StartStrace(LogLevel.Debug))
            Record(ringSize: 1 << 20, count: 3);

        Assert.Equal(
            ["strace_logged(0)", "strace_logged(1)", "strace_logged(2)"],
            log.Messages.Select(message => message[message.IndexOf("strace_logged", StringComparison.Ordinal)..])
        );
        Assert.All(log.Levels, level => Assert.Equal(LogLevel.Debug, level));
    }

    [Fact]
    public void StartStrace_OfALogThatIsSlow_SaysHowManyWereLost()
    {
        using var gate = new ManualResetEventSlim();
        var log = new MessageList { Gate = gate };
        const int count = 5000;
        long printed;
        long lost;
        StraceSession session = log.StartStrace();
        try
        {
            Record(ringSize: 4096, count); // 73 records fit into a ring
            gate.Set();
        }
        finally
        {
            gate.Set();
            session.Dispose();
            (printed, lost) = (session.Printed, session.Lost);
        }

        Assert.Equal(count, printed + lost);
        Assert.NotEqual(0, lost);
        string prefix = "strace: ";
        long said = log
            .Messages.Where(message => message.StartsWith(prefix, StringComparison.Ordinal))
            .Sum(message => long.Parse(message[prefix.Length..].Split(' ')[0]));
        Assert.Equal(lost, said);
    }

    private static void Record(int ringSize, int count)
    {
        _ = s_logged.IsActive;
        TraceRings.Replace(ringSize, 1, 1);
        Tracing.Enable("strace_logged");
        try
        {
            for (int i = 0; i < count; i++)
                s_logged.Record(i);
        }
        finally
        {
            Tracing.Disable();
        }
    }

    private sealed class MessageList : ILogger
    {
        public ConcurrentQueue<string> Messages { get; } = [];

        public ConcurrentQueue<LogLevel> Levels { get; } = [];

        public ManualResetEventSlim? Gate { get; init; }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        )
        {
            Gate?.Wait();
            Levels.Enqueue(logLevel);
            Messages.Enqueue(formatter(state, exception));
        }
    }
}
