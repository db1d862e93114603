using Osprey.Rest.Dumps;
using Osprey.Session.Answers;
using Osprey.Session.Answers.Traces.Files;
using Osprey.Session.Traces.Changes;

namespace Osprey.Cli.Commands.Rest.Answers;

/// <summary>The result of a download from a running guest.</summary>
/// <param name="Url">The guest's server.</param>
/// <param name="Done">The download.</param>
/// <param name="Converted">What it was converted to; null when it was not.</param>
internal sealed record DownloadAnswer(string Url, DownloadResult Done, ConversionResult? Converted)
{
    public static Shape<DownloadAnswer> Shape { get; } =
        new Shape<DownloadAnswer>("downloads")
            .Text("url", answer => answer.Url)
            .Text("path", answer => answer.Done.Path)
            .Size("received", answer => answer.Done.Received)
            .Duration("nanoseconds", answer => (long)answer.Done.Elapsed.TotalNanoseconds)
            .Record("converted", answer => answer.Converted, ConversionShape.Shape)
            .Optional();
}
