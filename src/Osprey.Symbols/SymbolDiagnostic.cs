namespace Osprey.Symbols;

/// <summary>A message to the user about a module's symbols: they are missing, damaged or of another build.</summary>
/// <param name="Module">Path of the module or file.</param>
/// <param name="Message">The text: what was found, what was expected, and where.</param>
public sealed record SymbolDiagnostic(string Module, string Message)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Module}: {Message}";
}
