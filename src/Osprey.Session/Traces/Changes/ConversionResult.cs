namespace Osprey.Session.Traces.Changes;

/// <summary>The files that a conversion wrote.</summary>
/// <param name="Path">The tracefile.</param>
/// <param name="Samples">Samples in it.</param>
/// <param name="Tracepoints">Tracepoints in its dictionary: those that occur.</param>
/// <param name="Size">Its bytes.</param>
/// <param name="Symbols">The symbols file; null when none was written.</param>
public sealed record ConversionResult(string Path, long Samples, int Tracepoints, long Size, ConvertedSymbols? Symbols);
