using System.Diagnostics;

namespace Osprey.Cli.Rendering.Streams;

/// <summary>A bar on standard error for what takes over a second; nothing at all when that is not a terminal.</summary>
internal sealed class ProgressBar : IProgress<long>, IDisposable
{
    private const int Width = 32;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(100);

    private readonly long? _total;
    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private TimeSpan _next = s_patience;
    private bool _isShown;

    private ProgressBar(long? total) => _total = total;

    /// <summary>A bar for reading so many bytes.</summary>
    /// <param name="total">Null when the size cannot be known.</param>
    /// <returns>Null when nobody would see it, or when it would disturb output on the same terminal.</returns>
    public static ProgressBar? ForReading(long? total) =>
        Messages.IsQuiet || Console.IsErrorRedirected || !Console.IsOutputRedirected ? null : new ProgressBar(total);

    /// <summary>A bar that is shown whatever standard output is.</summary>
    public static ProgressBar? ForTransfer(long? total) =>
        Messages.IsQuiet || Console.IsErrorRedirected ? null : new ProgressBar(total);

    public void Report(long value)
    {
        TimeSpan elapsed = _watch.Elapsed;
        if (elapsed < _next)
            return;

        _next = elapsed + s_interval;
        _isShown = true;
        string rate = $"{value / elapsed.TotalSeconds / (1 << 20):F1} MiB/s";
        if (_total is long total and > 0)
        {
            int done = (int)Math.Clamp(value * Width / total, 0, Width);
            StandardError.Write(
                $"\r[{new string('=', done)}{new string(' ', Width - done)}] "
                    + $"{Math.Clamp(value * 100 / total, 0, 100)} %  {rate} "
            );
        }
        else
        {
            StandardError.Write($"\r{value / (1 << 20)} MiB  {rate} ");
        }
    }

    public void Dispose()
    {
        if (_isShown)
            StandardError.Write("\r\u001b[K");
    }
}
