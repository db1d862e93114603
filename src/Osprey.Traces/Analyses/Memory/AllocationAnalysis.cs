using Osprey.Traces.Model;
using Osprey.Traces.Semantics;

namespace Osprey.Traces.Analyses.Memory;

/// <summary>Gathers the allocations of a trace.</summary>
/// <remarks>
/// Frees are not considered: rings of different CPUs lose different samples, so this is a view of the rate of
/// allocation, not of what is alive. The reference goes through allocations buffer by buffer; only ties between equal
/// rows show that.
/// </remarks>
public sealed class AllocationAnalysis : TraceAnalysis
{
    private readonly AnalysisScope _scope;
    private readonly AllocationArguments?[] _sources;
    private readonly bool _withStacks;
    private readonly Dictionary<Key, (long Count, long Order)> _totals = [];
    private readonly Dictionary<ulong, long> _buffers = [];
    private long _sequence;

    /// <param name="scope">What counts.</param>
    /// <param name="withStacks">Whether to tell allocations apart by backtrace.</param>
    public AllocationAnalysis(AnalysisScope scope, bool withStacks)
    {
        _scope = scope;
        _withStacks = withStacks;
        _sources = [.. scope.Tracepoints.All.Select(scope.Semantics.FindAllocation)];
    }

    /// <summary>The backtraces.</summary>
    public StackTable Stacks { get; } = new();

    /// <summary>The number of allocations.</summary>
    public long Count => _sequence;

    /// <summary>Tells whether the trace's dictionary has any of the tracepoints.</summary>
    public bool HasTracepoint => Array.Exists(_sources, source => source is not null);

    /// <summary>The allocations, in the order in which the first of each kind was met.</summary>
    public IEnumerable<AllocationTotals> Totals =>
        from item in _totals
        orderby item.Value.Order
        let key = item.Key
        select new AllocationTotals(
            key.Allocator,
            key.Alignment,
            key.Allocated,
            key.Requested,
            key.Stack,
            item.Value.Count
        );

    /// <inheritdoc/>
    public override void Add(in TraceEvent sample)
    {
        if (_sources[sample.Tracepoint] is not AllocationArguments source || !_scope.Includes(sample))
            return;

        var arguments = new PayloadArguments(_scope.Tracepoints[sample.Tracepoint].Layout!, sample.Payload);
        var key = new Key(
            source.Allocator,
            unchecked((ulong)arguments.GetInteger(source.Alignment)),
            unchecked((ulong)arguments.GetInteger(source.Allocated)),
            unchecked((ulong)arguments.GetInteger(source.Requested)),
            _withStacks && sample.HasBacktrace ? Stacks.Intern(sample.Backtrace) : -1
        );
        long order = _sequence++;
        if (_scope.IsCompat)
        {
            ulong buffer = unchecked((ulong)arguments.GetInteger(source.Buffer));
            if (!_buffers.TryGetValue(buffer, out long first))
                _buffers.Add(buffer, first = _buffers.Count);

            order += first << 32;
        }

        if (_totals.TryGetValue(key, out var total))
            _totals[key] = (total.Count + 1, Math.Min(total.Order, order));
        else
            _totals.Add(key, (1, order));
    }

    private readonly record struct Key(string Allocator, ulong Alignment, ulong Allocated, ulong Requested, int Stack);
}
