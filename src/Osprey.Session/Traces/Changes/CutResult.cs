namespace Osprey.Session.Traces.Changes;

/// <summary>The outcome of a cut.</summary>
/// <param name="Met">Samples of the input.</param>
/// <param name="Kept">Samples of the output.</param>
/// <param name="KeptForPairs">Those of them that are there only because their entry is.</param>
/// <param name="Tracepoints">Tracepoints of the output.</param>
/// <param name="Bytes">Size of the output.</param>
/// <param name="Symbols">Lines of the symbols file; null when none was written.</param>
/// <param name="HasStaleSymbols">Whether a symbols file of before lies beside the output and was left alone.</param>
public sealed record CutResult(
    long Met,
    long Kept,
    long KeptForPairs,
    int Tracepoints,
    long Bytes,
    int? Symbols,
    bool HasStaleSymbols
);
