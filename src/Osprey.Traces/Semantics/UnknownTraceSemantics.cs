namespace Osprey.Traces.Semantics;

/// <summary>The semantics of a source of which nothing is known.</summary>
internal sealed class UnknownTraceSemantics : TraceSemantics;
