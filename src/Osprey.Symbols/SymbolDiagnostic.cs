namespace Osprey.Symbols;

/// <summary>
/// Something about a module's symbols that the user should know: they are missing, damaged or of another build.
/// </summary>
/// <param name="Module">Path of the module or file.</param>
/// <param name="Message">What was found, what was expected, and where.</param>
public sealed record SymbolDiagnostic(string Module, string Message)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Module}: {Message}";
}
