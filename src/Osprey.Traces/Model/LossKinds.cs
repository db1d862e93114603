namespace Osprey.Traces.Model;

/// <summary>The table of the kinds of loss: the severity and the source of each.</summary>
public static class LossKinds
{
    private static readonly (LossKind Kind, LossSeverity Severity, LossSource Source)[] s_table =
    [
        // The input ends in the middle of a record: samples are missing, but none is wrong.
        (LossKind.TruncatedBytes, LossSeverity.DataLoss, LossSource.Import),
        // The input is damaged, and nothing behind the damage could be read.
        (LossKind.UnreadableBytes, LossSeverity.Error, LossSource.Import),
        // The guest was writing these samples when the trace was taken.
        (LossKind.IncompleteSamples, LossSeverity.DataLoss, LossSource.Recorder),
        // Chunks hold more than samples: one of an unknown kind costs no answer that we know of.
        (LossKind.UnknownChunks, LossSeverity.Info, LossSource.Import),
        // Their entries were overwritten in the ring, or came before recording started.
        (LossKind.ExitsWithoutEntry, LossSeverity.DataLoss, LossSource.Recorder),
        // A busy CPU's ring starts later than an idle one's: what lies between was overwritten.
        (LossKind.PairsAcrossGap, LossSeverity.DataLoss, LossSource.Recorder),
        // The tracepoint of the exit was not enabled: these are not timed in this trace.
        (LossKind.EntriesNeverClosed, LossSeverity.Info, LossSource.Recorder),
        // The depth of nesting that we follow is bounded.
        (LossKind.EntriesTooDeep, LossSeverity.DataLoss, LossSource.Analysis),
        // The guest was not told to record backtraces, or could not: the profile lacks these samples.
        (LossKind.SamplesWithoutBacktrace, LossSeverity.DataLoss, LossSource.Recorder),
        // A capture file has a link type, and these packets have none.
        (LossKind.PacketsOfOtherProtocols, LossSeverity.DataLoss, LossSource.Analysis),
        // All values are shown, only not through the format.
        (LossKind.FormatMismatches, LossSeverity.Info, LossSource.Analysis),
        // The recorder was slower than the guest: there are gaps between the samples.
        (LossKind.OverwrittenSamples, LossSeverity.DataLoss, LossSource.Recorder),
        (LossKind.OverwrittenBytes, LossSeverity.DataLoss, LossSource.Recorder),
        // A ring has the last samples only; what is in the trace has no gaps for that.
        (LossKind.EarlierSamples, LossSeverity.Info, LossSource.Recorder),
        // They may have been events that our reader does not know.
        (LossKind.UnknownLines, LossSeverity.DataLoss, LossSource.Import),
    ];

    extension(LossKind kind)
    {
        /// <summary>The weight of this kind of loss.</summary>
        public LossSeverity Severity => Find(kind).Severity;

        /// <summary>The place at which it happens.</summary>
        public LossSource Source => Find(kind).Source;
    }

    private static (LossKind Kind, LossSeverity Severity, LossSource Source) Find(LossKind kind) =>
        s_table[(int)kind] is var row && row.Kind == kind
            ? row
            : throw new ArgumentOutOfRangeException(nameof(kind), kind, "the table has no row for it in its place");
}
