namespace Osprey.Traces.Model;

/// <summary>One argument within a tracepoint's payload.</summary>
/// <param name="Type">The way it is stored.</param>
/// <param name="Size">Bytes that it takes; for a blob, those of its length alone.</param>
/// <param name="Alignment">A power of two, relative to the payload's first byte.</param>
/// <param name="Offset">
/// Its first byte in the payload; -1 behind a blob, where that differs from sample to sample.
/// </param>
public readonly record struct PayloadField(ArgumentType Type, int Size, int Alignment, int Offset);
