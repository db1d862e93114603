namespace Osprey.Symbols.Types.Variables;

/// <summary>A variable, constant, parameter or static member.</summary>
public sealed class DebugVariable(string name, Func<DebugType?> type, VariableLocation location)
{
    private readonly Lazy<DebugType?> _type = new(type);

    /// <summary>Its name; of what is not local to a function, with namespaces and classes.</summary>
    public string Name => name;

    /// <summary>Its type; null when the file does not say.</summary>
    public DebugType? Type => _type.Value;

    /// <summary>Where it is.</summary>
    public VariableLocation Location => location;

    /// <summary>Whether it is a parameter of its function.</summary>
    public bool IsParameter { get; init; }

    /// <summary>The source file that declares it, as DWARF names it; null when that is not known.</summary>
    public string? DeclarationFile { get; init; }
}
