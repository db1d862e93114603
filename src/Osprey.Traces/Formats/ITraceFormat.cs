using Osprey.Traces.Model;

namespace Osprey.Traces.Formats;

/// <summary>A format of traces: it recognises its files and opens them.</summary>
public interface ITraceFormat
{
    /// <summary>
    /// The format's name with its article, such as "a tracefile"; for messages. Empty when none is to name it.
    /// </summary>
    string Name { get; }

    /// <summary>The same with what tells it apart, such as "a tracefile (version 1 to 3)"; for messages.</summary>
    string Expectation { get; }

    /// <summary>Tells whether a file is of this format.</summary>
    /// <param name="head">The file's first bytes, 64 at most.</param>
    bool Matches(ReadOnlySpan<byte> head);

    /// <summary>Says why a file that looks like one of this format cannot be read.</summary>
    /// <param name="head">The file's first bytes; they do not match.</param>
    /// <returns>Null when the file has nothing in common with this format.</returns>
    string? ExplainMismatch(ReadOnlySpan<byte> head);

    /// <summary>Opens a trace of this format.</summary>
    /// <param name="input">At its first byte. Closed with the reader; on failure, the caller closes it.</param>
    /// <param name="options">The way to read it.</param>
    /// <exception cref="Osprey.Binary.BadDataException">It is damaged before its first sample.</exception>
    TraceReader Open(TraceInput input, TraceReadOptions options);
}
