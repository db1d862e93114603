using Osprey.Symbols;
using Osprey.Traces.Model;
using Osprey.Traces.Semantics;

namespace Osprey.Tests.Traces.Toy;

/// <summary>
/// The conventions of a system that is not OSv: <c>X.begin</c> is ended by <c>X.end</c> or <c>X.fail</c>, threads wait
/// in <c>sleep</c>, CPUs in <c>halt</c>, and the length of a run queue is the second argument of <c>queue</c>.
/// </summary>
internal sealed class ToySemantics : TraceSemantics
{
    public override TracepointRole RoleOf(Tracepoint tracepoint) =>
        tracepoint.Name switch
        {
            "sleep.begin" => TracepointRole.Wait,
            "sleep.end" => TracepointRole.WaitEnd,
            "halt.begin" => TracepointRole.Idle,
            "halt.end" => TracepointRole.IdleEnd,
            "queue" => TracepointRole.RunQueue,
            _ => TracepointRole.None,
        };

    public override IReadOnlyList<string> NamesOf(TracepointRole role) => role == TracepointRole.Wake ? ["wake"] : [];

    public override int FindRoleArgument(Tracepoint tracepoint) => tracepoint.Name == "queue" ? 1 : -1;

    public override PairEnd EndOf(string name, bool isCompat)
    {
        if (name.Split('.') is not [var group, var end])
            return PairEnd.None;

        PairRole role =
            end == "begin" ? PairRole.Entry
            : end is "end" or "fail" ? PairRole.Exit
            : PairRole.None;
        return new PairEnd(role, group) { IsPerCpu = group == "halt", IsError = end == "fail" };
    }

    public override int CountTracingFrames(ReadOnlySpan<SymbolFrame> frames, bool isCompat) =>
        !frames.IsEmpty && frames[0].Name == "probe" ? 1 : 0;

    public override bool IsTracepointFrame(SymbolFrame frame) => frame.Name == "probe";

    public override FrameUse UseOf(SymbolFrame frame) =>
        frame.Name switch
        {
            "glue" => FrameUse.Hidden,
            "entry" => FrameUse.ThreadStart,
            _ => FrameUse.Shown,
        };

    public override SymbolFrame Shorten(SymbolFrame frame) =>
        frame.Name?.Split('<') is [var name, _] ? frame with { Name = name } : frame;
}
