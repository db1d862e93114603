using Osprey.Symbols;
using Osprey.Traces.Semantics;

namespace Osprey.Traces.Model;

/// <summary>Reads the samples of one trace from the first to the last, in the order that analyses see them.</summary>
/// <remarks>
/// Damage does not throw once the trace is open: reading ends there, <see cref="TraceStats.Damage"/> says where and
/// why, and what was lost is counted, so that an analysis still answers for what could be read.
/// </remarks>
public abstract class TraceReader : IDisposable
{
    /// <summary>The input's name as the user knows it.</summary>
    public abstract string Name { get; }

    /// <summary>The kind of file, such as <c>tracefile version 3</c>.</summary>
    public abstract string FormatName { get; }

    /// <summary>The dictionary; complete once the reader is open.</summary>
    public abstract TracepointTable Tracepoints { get; }

    /// <summary>The meaning of the tracepoints and stacks: analyses are given it with the trace.</summary>
    public abstract TraceSemantics Semantics { get; }

    /// <summary>The names that the trace itself has for the addresses of its stacks; null for none.</summary>
    public virtual ISymbolSource? Names => null;

    /// <summary>Counts what was read so far and what was lost.</summary>
    public TraceStats Stats { get; } = new();

    /// <summary>Size of the input in bytes; null when it cannot be known (a pipe).</summary>
    public abstract long? Length { get; }

    /// <summary>Fills <paramref name="batch"/> with the samples that follow.</summary>
    /// <returns>False when there are no more; the batch is empty then.</returns>
    public abstract bool Read(SampleBatch batch);

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Closes the input.</summary>
    protected virtual void Dispose(bool disposing) { }
}
