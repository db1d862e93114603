using System.Globalization;
using Osprey.Session.Traces.Rings;
using Osprey.Session.Traces.Rings.Recording;

namespace Osprey.Cli.Rendering.Text;

/// <summary>Puts what was read of a guest's trace buffers into words.</summary>
internal static class RecordingText
{
    /// <summary>The outcome of an extraction.</summary>
    public static string Describe(ExtractionResult result)
    {
        string text =
            $"{result.Path}: {Count(result.Samples, "sample")} of {Count(result.Cpus.Count, "CPU")}, "
            + ByteSize.Format(result.Bytes);
        if (result.Addresses > 0)
            text += $"; {result.Named} of {result.Addresses} addresses have names";

        if (result.EarlierBytes > 0)
            text +=
                $"; about {result.EarlierSamples} older samples ({ByteSize.Format(result.EarlierBytes)}) "
                + "were overwritten before";

        return text;
    }

    /// <summary>The outcome of a recording.</summary>
    public static string Describe(RecordingResult result)
    {
        RecordingState state = result.State;
        string text = string.Create(
            CultureInfo.InvariantCulture,
            $"{result.Path}: {Count(state.Samples, "sample")} in {state.Elapsed.TotalSeconds:F1} s "
                + $"({Rate(state.Samples, state.Elapsed)}), {ByteSize.Format(state.Bytes)}, {Loss(state)}"
        );
        return result.Files.Count > 1 ? $"{text}; {result.Files.Count} files are kept" : text;
    }

    /// <summary>How far a recording is, in one line.</summary>
    /// <param name="state">Now.</param>
    /// <param name="before">The last time, for the rate; null at the first.</param>
    public static string Progress(RecordingState state, RecordingState? before)
    {
        TimeSpan since = state.Elapsed - (before?.Elapsed ?? TimeSpan.Zero);
        long samples = state.Samples - (before?.Samples ?? 0);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{state.Elapsed:hh\\:mm\\:ss}  {state.Samples} samples  {Rate(samples, since)}  "
                + $"{ByteSize.Format(state.Bytes)}  {Loss(state)}"
        );
    }

    private static string Loss(RecordingState state) =>
        state.LostBytes == 0 ? "nothing lost" : $"about {state.LostSamples} samples ({state.LostBytes} bytes) lost";

    private static string Rate(long samples, TimeSpan time) =>
        time > TimeSpan.Zero
            ? string.Create(CultureInfo.InvariantCulture, $"{samples / time.TotalSeconds:F0} a second")
            : "0 a second";

    private static string Count(long count, string what) => $"{count} {what}{(count == 1 ? "" : "s")}";
}
