using Osprey.Traces.Model;

namespace Osprey.Traces.Analyses;

/// <summary>
/// Answers one question about a trace: samples in, one after the other; the answer is read from the analysis
/// afterwards.
/// </summary>
public abstract class TraceAnalysis
{
    /// <summary>Takes the next sample of the trace.</summary>
    public abstract void Add(in TraceEvent sample);

    /// <summary>Says that there are no more samples.</summary>
    public virtual void Finish() { }
}
