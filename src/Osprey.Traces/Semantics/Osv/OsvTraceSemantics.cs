using Osprey.Packets;
using Osprey.Symbols;
using Osprey.Traces.Analyses.Inventory;
using Osprey.Traces.Model;

namespace Osprey.Traces.Semantics.Osv;

/// <summary>The meaning of OSv's tracepoints and of stacks in its kernel.</summary>
/// <remarks>
/// <para>
/// By convention <c>X_ret</c> and <c>X_err</c> end what <c>X</c> began, on the same thread. The idle loop of the
/// scheduler pairs per CPU, since any thread may be the next to run, and the wait for a mutex has names of its own,
/// <c>mutex_lock_wait</c> and <c>mutex_lock_wake</c>. The reference looks for <c>_ret</c> and <c>_err</c> anywhere in
/// a name; here they end it.
/// </para>
/// <para>Names of tracepoints are those of the TRACEPOINT macros in OSv's sources (core/, fs/, bsd/).</para>
/// </remarks>
public sealed class OsvTraceSemantics : TraceSemantics
{
    private const string AllocationPrefix = "memory_malloc_";
    private const string PacketPrefix = "net_packet_";
    private const string MutexGroup = "\0mutex";
    private const string IdleGroup = "\0idle";

    /// <summary>The sizes in OSv's core/trace.cc and include/osv/trace.hh.</summary>
    private static readonly TraceRing s_ring = new()
    {
        PageSize = 4096,
        HeaderSize = 48,
        BacktraceSize = 10 * sizeof(ulong),
        PagesOfAll = 1024,
        FewestPages = 256,
    };

    private static readonly Dictionary<string, TracepointRole> s_roles = new()
    {
        ["sched_wait"] = TracepointRole.Wait,
        ["sched_wait_ret"] = TracepointRole.WaitEnd,
        ["sched_wake"] = TracepointRole.Wake,
        ["sched_idle"] = TracepointRole.Idle,
        ["sched_idle_ret"] = TracepointRole.IdleEnd,
        ["sched_switch"] = TracepointRole.Switch,
        ["sched_load"] = TracepointRole.RunQueue,
        ["mutex_lock_wait"] = TracepointRole.LockWait,
        ["mutex_lock_wake"] = TracepointRole.LockWaitEnd,
        ["memory_malloc_mempool"] = TracepointRole.Allocation,
        ["memory_malloc_large"] = TracepointRole.Allocation,
        ["memory_malloc_page"] = TracepointRole.Allocation,
        ["net_packet_in"] = TracepointRole.PacketIn,
        ["net_packet_out"] = TracepointRole.PacketOut,
        ["tcp_state"] = TracepointRole.TcpState,
        ["function entry"] = TracepointRole.FunctionEntry,
        ["function exit"] = TracepointRole.FunctionExit,
    };

    private OsvTraceSemantics() { }

    /// <summary>The semantics; it has no state.</summary>
    public static OsvTraceSemantics Instance { get; } = new();

    /// <inheritdoc/>
    public override TraceRing? Ring => s_ring;

    /// <inheritdoc/>
    public override string? AllocationFunction => "malloc";

    /// <inheritdoc/>
    public override TracepointRole RoleOf(Tracepoint tracepoint) => s_roles.GetValueOrDefault(tracepoint.Name);

    /// <inheritdoc/>
    public override IReadOnlyList<string> NamesOf(TracepointRole role) =>
        [.. s_roles.Where(item => item.Value == role).Select(item => item.Key)];

    /// <summary>Finds the arguments of an allocation by the names that the tracepoint's format gives them.</summary>
    /// <param name="tracepoint">Any tracepoint.</param>
    public override AllocationArguments? FindAllocation(Tracepoint tracepoint)
    {
        if (RoleOf(tracepoint) != TracepointRole.Allocation || tracepoint.Layout is not PayloadLayout layout)
            return null;

        string[] parts = tracepoint.Format.Split('%');
        int[] found = [IndexOf("buf="), IndexOf("req_len="), IndexOf("alloc_len="), IndexOf("align=")];
        return found.All(index => index >= 0 && index < layout.Fields.Length && layout.Fields[index].Type.IsInteger)
            ? new AllocationArguments(
                tracepoint.Name[AllocationPrefix.Length..],
                Buffer: found[0],
                Requested: found[1],
                Allocated: found[2],
                Alignment: found[3]
            )
            : null;

        int IndexOf(string name) => Array.FindIndex(parts, part => part.EndsWith(name, StringComparison.Ordinal));
    }

    /// <inheritdoc/>
    public override PacketArguments? FindPacket(Tracepoint tracepoint)
    {
        bool isPacket =
            tracepoint.Name.StartsWith(PacketPrefix, StringComparison.Ordinal)
            && tracepoint.Layout is { Fields: [{ Type.IsInteger: true }, { Type: ArgumentType.Blob }] };
        return isPacket
            ? new PacketArguments(
                RoleOf(tracepoint) switch
                {
                    TracepointRole.PacketIn => PacketDirection.Inbound,
                    TracepointRole.PacketOut => PacketDirection.Outbound,
                    _ => null,
                },
                Protocol: 0,
                Content: 1
            )
            : null;
    }

    /// <inheritdoc/>
    public override TcpStateArguments? FindTcpState(Tracepoint tracepoint) =>
        tracepoint.Layout
            is { Fields: [{ Type: ArgumentType.Pointer }, { Type.IsInteger: true }, { Type.IsInteger: true }] }
            ? new TcpStateArguments(Connection: 0, From: 1, To: 2)
            : null;

    /// <inheritdoc/>
    public override PairEnd EndOf(string name, bool isCompat)
    {
        switch (name)
        {
            // The reference knows the mutex pair from the start, every other one from its first exit on.
            case "mutex_lock_wait":
                return new PairEnd(PairRole.Entry, MutexGroup) { IsAlwaysKnown = isCompat };
            case "mutex_lock_wake":
                return new PairEnd(PairRole.Exit, MutexGroup) { IsAlwaysKnown = isCompat, HasNoResult = true };
            case "sched_idle":
                return new PairEnd(PairRole.Entry, IdleGroup) { IsPerCpu = true };
            case "sched_idle_ret":
                return new PairEnd(PairRole.Exit, IdleGroup) { IsPerCpu = true };
        }

        // Samples of programs on the host may be among those of a guest.
        if (!isCompat && ProbePairs.Find(name) is { } probe)
            return probe;

        bool isError = name.EndsWith("_err", StringComparison.Ordinal);
        int suffix =
            isCompat
                ? Math.Max(
                    name.LastIndexOf("_ret", StringComparison.Ordinal),
                    name.LastIndexOf("_err", StringComparison.Ordinal)
                )
            : isError || name.EndsWith("_ret", StringComparison.Ordinal) ? name.Length - 4
            : -1;
        return suffix > 0
            ? new PairEnd(PairRole.Exit, name[..suffix]) { IsError = isError }
            : new PairEnd(PairRole.Entry, name);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> ConventionalExits(string entry) =>
        entry == "mutex_lock_wait" ? [] : [entry + "_ret", entry + "_err"];

    /// <inheritdoc/>
    public override int CountTracingFrames(ReadOnlySpan<SymbolFrame> frames, bool isCompat) =>
        isCompat ? OsvTracingFrames.CountAsReference(frames) : OsvTracingFrames.Count(frames);

    /// <inheritdoc/>
    public override int CountUnnamedTracingFrames(ReadOnlySpan<SymbolFrame> frames) =>
        OsvTracingFrames.CountUnnamed(frames);

    /// <inheritdoc/>
    public override bool IsTracepointFrame(SymbolFrame frame) => OsvTracingFrames.IsTracepoint(frame);

    /// <inheritdoc/>
    public override FrameUse UseOf(SymbolFrame frame) =>
        OsvTracingFrames.IsTraceHeader(frame) || frame.Name == "_M_invoke" ? FrameUse.Hidden
        : frame.Name is "thread_main" or "thread_main_c" ? FrameUse.ThreadStart
        : FrameUse.Shown;

    /// <summary>
    /// Cuts the template arguments of the scheduler's wait functions: a page of text that says nothing.
    /// </summary>
    /// <param name="frame">Any frame.</param>
    public override SymbolFrame Shorten(SymbolFrame frame) =>
        frame.Name is not string name ? frame
        : name.StartsWith("void sched::thread::do_wait_until<", StringComparison.Ordinal)
            ? frame with
            {
                Name = "sched::thread::do_wait_until",
            }
        : name.StartsWith("do_wait_until<", StringComparison.Ordinal) ? frame with { Name = "do_wait_until" }
        : frame;
}
