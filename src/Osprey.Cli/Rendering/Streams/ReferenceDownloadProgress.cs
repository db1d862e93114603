using Osprey.Rest.Dumps;

namespace Osprey.Cli.Rendering.Streams;

/// <summary>
/// Prints what OSv's trace.py prints while it downloads: a line that overwrites itself for every 8 KiB.
/// </summary>
internal sealed class ReferenceDownloadProgress(Output output) : IProgress<DownloadProgress>
{
    private const int ChunkSize = 8192;

    private long _shown;

    public void Report(DownloadProgress value)
    {
        // Without a length the reference fails, and there is nothing of its to print.
        if (value.Total is not long total)
            return;

        while (_shown < total && (value.Received - _shown >= ChunkSize || value.Received >= total))
        {
            _shown = Math.Min(_shown + ChunkSize, total);
            bool isComplete = _shown >= total;
            output.Text.Append(
                $"[{_shown / 1024, 8} / {total / 1024, 8} k] {(isComplete ? new string('=', 32) : "")}> "
                    + $"{Math.Floor(100.0 * _shown / total):F2}%\r"
            );
            if (isComplete)
                output.Text.Append((byte)'\n');
        }

        output.Flush();
    }
}
