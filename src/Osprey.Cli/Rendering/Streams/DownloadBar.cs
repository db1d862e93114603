using Osprey.Rest.Dumps;

namespace Osprey.Cli.Rendering.Streams;

/// <summary>A progress bar for a download, whose size is known only once it has begun.</summary>
internal sealed class DownloadBar : IProgress<DownloadProgress>, IDisposable
{
    private ProgressBar? _bar;
    private bool _hasBegun;

    public void Report(DownloadProgress value)
    {
        if (!_hasBegun)
            _bar = ProgressBar.ForTransfer(value.Total);

        _hasBegun = true;
        _bar?.Report(value.Received);
    }

    public void Dispose() => _bar?.Dispose();
}
