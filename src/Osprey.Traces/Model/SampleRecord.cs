namespace Osprey.Traces.Model;

/// <summary>Where one sample lies in its batch's buffer.</summary>
/// <param name="Start">The first byte of the sample's header.</param>
/// <param name="Payload">The first byte of its arguments, behind the backtrace's terminating zero.</param>
/// <param name="End">The byte behind its arguments.</param>
/// <param name="Tracepoint">Index of its tracepoint in the trace's <see cref="TracepointTable"/>.</param>
public readonly record struct SampleRecord(int Start, int Payload, int End, int Tracepoint);
