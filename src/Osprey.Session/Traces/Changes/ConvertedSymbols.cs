namespace Osprey.Session.Traces.Changes;

/// <summary>A symbols file that was written beside a converted trace.</summary>
/// <param name="Path">The file.</param>
/// <param name="Addresses">Different addresses in the trace's backtraces.</param>
/// <param name="Named">How many of them have a line in the file.</param>
public sealed record ConvertedSymbols(string Path, int Addresses, int Named);
