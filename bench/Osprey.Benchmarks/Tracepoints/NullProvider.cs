namespace Osprey.TracepointBenchmark;

/// <summary>Makes a message's text and throws it away.</summary>
internal sealed class NullProvider : ILoggerProvider, ILogger
{
    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel,
        EventId eventId,
        TState state,
        Exception? exception,
        Func<TState, Exception?, string> formatter
    ) => _ = formatter(state, exception).Length;

    public void Dispose() { }
}
