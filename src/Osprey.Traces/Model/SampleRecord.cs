namespace Osprey.Traces.Model;

/// <summary>The place of one sample in its batch's buffer.</summary>
/// <param name="Start">The first byte of the sample.</param>
/// <param name="Payload">The first byte of its arguments, behind the zero that ends the backtrace.</param>
/// <param name="End">The byte behind its arguments.</param>
/// <param name="Tracepoint">Index of its tracepoint in the trace's <see cref="TracepointTable"/>.</param>
internal readonly record struct SampleRecord(int Start, int Payload, int End, int Tracepoint);
