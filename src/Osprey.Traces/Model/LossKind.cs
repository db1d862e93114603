namespace Osprey.Traces.Model;

/// <summary>The ways in which a part of a trace can be missing or of no use.</summary>
/// <remarks><see cref="LossKinds"/> has the severity and the source of each.</remarks>
public enum LossKind
{
    /// <summary>Bytes at the end of the input that hold no whole sample.</summary>
    TruncatedBytes,

    /// <summary>Bytes that could not be read as samples because the input is damaged before them.</summary>
    UnreadableBytes,

    /// <summary>Samples whose record the guest had not finished writing.</summary>
    IncompleteSamples,

    /// <summary>Chunks of a dump that no reader knows.</summary>
    UnknownChunks,

    /// <summary>Exits of timed tracepoints whose entry is not in the trace.</summary>
    ExitsWithoutEntry,

    /// <summary>Pairs dropped because the CPU of one end started to record after the other end.</summary>
    PairsAcrossGap,

    /// <summary>Entries of timed tracepoints for which no exit was ever recorded.</summary>
    EntriesNeverClosed,

    /// <summary>Entries given up because too many were open under the same name on one thread.</summary>
    EntriesTooDeep,

    /// <summary>Samples that no profile can hold because they have no backtrace.</summary>
    SamplesWithoutBacktrace,

    /// <summary>Packets of a protocol that has no place in a capture file.</summary>
    PacketsOfOtherProtocols,

    /// <summary>Samples whose arguments do not fit their format; printed as plain values.</summary>
    FormatMismatches,

    /// <summary>
    /// Samples that the guest wrote over in its rings, while they were recorded, before they could be read.
    /// </summary>
    OverwrittenSamples,

    /// <summary>The bytes that those had in the rings: this number is exact.</summary>
    OverwrittenBytes,

    /// <summary>Samples that the guest had written over in its rings before the trace begins.</summary>
    EarlierSamples,

    /// <summary>Lines of a text that are no event.</summary>
    UnknownLines,
}
