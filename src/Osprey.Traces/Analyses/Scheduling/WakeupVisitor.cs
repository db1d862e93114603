using Osprey.Traces.Model;

namespace Osprey.Traces.Analyses.Scheduling;

/// <summary>Takes one wake-up.</summary>
/// <param name="resumed">The sample of the thread that runs again.</param>
/// <param name="wakeupNanoseconds">From being woken to running.</param>
/// <param name="waitNanoseconds">From beginning to wait to running.</param>
public delegate void WakeupVisitor(in TraceEvent resumed, long wakeupNanoseconds, long waitNanoseconds);
