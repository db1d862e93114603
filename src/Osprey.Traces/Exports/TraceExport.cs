using Osprey.Traces.Analyses;

namespace Osprey.Traces.Exports;

/// <summary>
/// Writes a trace in another program's form while its samples come by; whole once <see cref="TraceAnalysis.Finish"/>
/// was called.
/// </summary>
public abstract class TraceExport : TraceAnalysis
{
    /// <summary>The number of samples, packets or stacks that were written.</summary>
    public long Count { get; protected set; }

    /// <summary>Remarks for the user on the way in which the samples were written.</summary>
    public virtual IEnumerable<string> Notes => [];
}
