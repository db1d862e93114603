using Osprey.Symbols;
using Osprey.Traces.Analyses.Inventory;
using Osprey.Traces.Model;

namespace Osprey.Traces.Semantics;

/// <summary>The meaning of a source's tracepoints and stacks: all that analyses know about the traced system.</summary>
/// <remarks>
/// <para>
/// An analysis answers one question about events, such as for how long threads wait. It knows no name of a tracepoint
/// and no function of a kernel: it asks the semantics, which the <see cref="TraceReader"/> brings and the scope hands
/// on. So a source of another kind (another kernel, a tool's text output, a program's own rings) needs a reader and a
/// semantics, and all analyses and exports work on it.
/// </para>
/// <para>
/// Answers depend on the dictionary alone and are asked for once a tracepoint or distinct stack, before or after the
/// pass over the samples, never for each sample. Nothing needs to be overridden: what a source does not record, it has
/// no tracepoint for. In compat mode the answers are those of the reference tool, which only knows OSv.
/// </para>
/// </remarks>
public abstract class TraceSemantics
{
    /// <summary>The semantics of an unknown source: no pairs, no roles, all frames are shown.</summary>
    public static TraceSemantics None { get; } = new UnknownTraceSemantics();

    /// <summary>The rings that the system records into; null where they are not known.</summary>
    public virtual TraceRing? Ring => null;

    /// <summary>The function whose callers an analysis of allocations shows; null for all frames.</summary>
    public virtual string? AllocationFunction => null;

    /// <summary>Finds the event that a tracepoint records.</summary>
    public virtual TracepointRole RoleOf(Tracepoint tracepoint) => TracepointRole.None;

    /// <summary>The names of the tracepoints of a role, as the source's user enables them; for messages.</summary>
    public virtual IReadOnlyList<string> NamesOf(TracepointRole role) => [];

    /// <summary>Finds the argument that a role speaks of, see <see cref="TracepointRole"/>.</summary>
    /// <returns>Its index, or -1 when the tracepoint does not have the arguments that are expected of it.</returns>
    public virtual int FindRoleArgument(Tracepoint tracepoint) =>
        tracepoint.Layout is { Fields: [{ Type.IsInteger: true }, ..] } ? 0 : -1;

    /// <summary>Finds the arguments of a tracepoint for allocations.</summary>
    /// <returns>Null when it is none, or does not have the arguments that are expected of it.</returns>
    public virtual AllocationArguments? FindAllocation(Tracepoint tracepoint) => null;

    /// <summary>Finds the arguments of a tracepoint for packets.</summary>
    /// <returns>Null when it is none, or does not have the arguments that are expected of it.</returns>
    public virtual PacketArguments? FindPacket(Tracepoint tracepoint) => null;

    /// <summary>Finds the arguments of a tracepoint for states of TCP connections.</summary>
    /// <returns>Null when it does not have the arguments that are expected of it.</returns>
    public virtual TcpStateArguments? FindTcpState(Tracepoint tracepoint) => null;

    /// <summary>Tells entries and exits of timed pairs by their name.</summary>
    /// <param name="name">The name of a tracepoint.</param>
    /// <param name="isCompat">Whether to follow the reference tool.</param>
    /// <remarks>
    /// A source that cannot know which entries will have an exit calls all of them entries: those whose group has no
    /// exit in the dictionary are then taken for single events.
    /// </remarks>
    public virtual PairEnd EndOf(string name, bool isCompat) => PairEnd.None;

    /// <summary>The names that the exits of an entry have by the source's convention; for messages.</summary>
    /// <returns>None for an entry whose exit has a name of its own.</returns>
    public virtual IReadOnlyList<string> ConventionalExits(string entry) => [];

    /// <summary>Counts the frames of the tracing itself at the inner end of a stack.</summary>
    /// <param name="frames">Innermost first.</param>
    /// <param name="isCompat">Whether to follow the reference tool.</param>
    public virtual int CountTracingFrames(ReadOnlySpan<SymbolFrame> frames, bool isCompat) => 0;

    /// <summary>Counts the leading frames of a stack that belong to the tracing although they have no name.</summary>
    /// <param name="frames">The frames, innermost first.</param>
    public virtual int CountUnnamedTracingFrames(ReadOnlySpan<SymbolFrame> frames) => 0;

    /// <summary>Tells whether a frame belongs to a tracepoint, so that a listing leaves it out.</summary>
    public virtual bool IsTracepointFrame(SymbolFrame frame) => false;

    /// <summary>Tells the use that a frame with a name has in a profile.</summary>
    public virtual FrameUse UseOf(SymbolFrame frame) => FrameUse.Shown;

    /// <summary>Gives a frame a shorter name where the whole one says nothing.</summary>
    public virtual SymbolFrame Shorten(SymbolFrame frame) => frame;
}
