using Osprey.Symbols;
using Osprey.Traces.Formats.Osvt;
using Osprey.Traces.Formats.Osvt.Recordings;
using Osprey.Traces.Model;
using Osprey.Traces.Rings;
using Osprey.Traces.Semantics.Osv;

namespace Osprey.Session.Traces.Rings;

/// <summary>
/// Finds names for the addresses in backtraces, and of functions that begin and end, each once, while they are
/// recorded.
/// </summary>
/// <param name="symbols">The names of the guest's code.</param>
/// <param name="tracepoints">The tracepoints of the samples.</param>
/// <param name="layout">The sizes of records.</param>
public sealed class RingNames(Symbolizer symbols, TracepointTable tracepoints, RingLayout layout)
{
    /// <summary>No guest has so much code; beyond this addresses stay without names.</summary>
    private const int MaxAddresses = 1 << 20;

    private readonly HashSet<ulong> _addresses = [];
    private readonly HashSet<ulong> _done = [];
    private readonly HashSet<ulong> _symbolStarts = [];
    private int[] _functions = [];

    /// <summary>The number of distinct addresses so far.</summary>
    public int Count => _addresses.Count;

    /// <summary>The number of addresses that have a name.</summary>
    public int NamedCount { get; private set; }

    /// <summary>Notes the addresses in samples.</summary>
    public void Add(RingPiece piece)
    {
        if (_functions.Length < tracepoints.Count)
            _functions = RingRecords.FindFunctions(tracepoints, OsvTraceSemantics.Instance);

        RingRecords.CollectCalls(piece.Records, tracepoints, _functions, layout, _addresses, MaxAddresses);
    }

    /// <summary>Writes the names of the addresses that have come since the last time.</summary>
    public void Write(RecordingWriter writer)
    {
        if (_done.Count == _addresses.Count)
            return;

        var names = new List<(ulong, SymbolFrame[])>();
        var table = new List<OsvtSymbol>();
        var frames = new List<SymbolFrame>();
        foreach (ulong address in _addresses)
        {
            if (!_done.Add(address))
                continue;

            frames.Clear();
            if (symbols.TryResolve(address, frames))
            {
                NamedCount++;
                names.Add((address, [.. frames]));
            }

            if (symbols.FindTableSymbol(address) is { } symbol && _symbolStarts.Add(symbol.Address))
                table.Add(new OsvtSymbol(symbol.Name, symbol.Address, symbol.Size, "", []));
        }

        writer.Add(names, table);
    }
}
