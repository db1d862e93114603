using Osprey.Binary;
using Osprey.Cli.Rendering.Streams;
using Osprey.Traces.Model;

namespace Osprey.Cli.Rendering.Listings;

/// <summary>Tells the user what of a trace could not be read or used.</summary>
internal static class LossReport
{
    /// <summary>Writes a line for every kind of loss.</summary>
    /// <param name="reader">The trace, read to where it could be.</param>
    /// <param name="isQuiet">Whether only damage is told, not what an analysis could not use.</param>
    /// <returns>Whether the whole input could be read.</returns>
    public static bool Write(TraceReader reader, bool isQuiet)
    {
        foreach (BadDataException warning in reader.Stats.Warnings)
            Messages.Write($"osprey: {warning.Message}");

        if (reader.Stats.Damage is BadDataException damage)
            Messages.Write($"osprey: {damage.Message}; the {reader.Stats.Samples} samples before that were used");

        foreach ((LossKind kind, long amount) in reader.Stats.EnumerateLosses())
        {
            if (!isQuiet || kind is LossKind.TruncatedBytes or LossKind.UnreadableBytes or LossKind.IncompleteSamples)
                Messages.Write("osprey: note: " + Describe(kind, amount));
        }

        return reader.Stats.Damage is null;
    }

    /// <summary>A loss in words.</summary>
    public static string Describe(LossKind kind, long amount) =>
        kind switch
        {
            LossKind.TruncatedBytes => $"{amount} bytes are missing or lie in a record that is cut short",
            LossKind.UnreadableBytes => $"{amount} bytes behind the damage could not be read",
            LossKind.IncompleteSamples => $"{amount} samples were still being written when the trace was taken",
            LossKind.UnknownChunks => $"{amount} chunks of unknown kind were left out",
            LossKind.ExitsWithoutEntry => $"{amount} exits have no entry in the trace and were left out",
            LossKind.PairsAcrossGap =>
                $"{amount} pairs were left out: the CPU of one end had not begun to record at the other end",
            LossKind.EntriesNeverClosed =>
                $"{amount} entries were left out: no exit of theirs was recorded (is its tracepoint enabled?)",
            LossKind.EntriesTooDeep => $"{amount} entries were left out: too many were open under one name",
            LossKind.SamplesWithoutBacktrace =>
                $"{amount} samples have no backtrace and are not in the profile (was the guest started with "
                    + "--trace-backtrace?)",
            LossKind.PacketsOfOtherProtocols =>
                $"{amount} packets were left out: their protocol has no place in a capture file",
            LossKind.FormatMismatches =>
                $"{amount} samples do not fit their tracepoint's format and are shown as plain values",
            LossKind.OverwrittenSamples =>
                $"the trace has gaps: about {amount} samples were overwritten in the guest before they could be read "
                    + "(osprey trace info says of which CPUs)",
            LossKind.OverwrittenBytes => $"the samples that are missing for that had exactly {amount} bytes",
            LossKind.EarlierSamples =>
                $"the guest's rings had overwritten about {amount} older samples before the trace begins",
            LossKind.UnknownLines => $"{amount} lines of the text are no events and were left out",
            _ => $"{kind}: {amount}",
        };
}
