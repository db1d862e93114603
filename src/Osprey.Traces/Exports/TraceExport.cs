using Osprey.Traces.Analyses;

namespace Osprey.Traces.Exports;

/// <summary>
/// Writes a trace in another program's form while its samples come by; whole once <see cref="TraceAnalysis.Finish"/>
/// was called.
/// </summary>
public abstract class TraceExport : TraceAnalysis
{
    /// <summary>How many samples, packets or stacks were written.</summary>
    public long Count { get; protected set; }

    /// <summary>What the user should know of how the samples were written.</summary>
    public virtual IEnumerable<string> Notes => [];
}
