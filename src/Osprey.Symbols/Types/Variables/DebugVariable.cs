namespace Osprey.Symbols.Types.Variables;

/// <summary>A variable, constant, parameter or static member.</summary>
/// <param name="name">The name.</param>
/// <param name="type">Returns the type; null when the file does not give it.</param>
/// <param name="location">The location.</param>
public sealed class DebugVariable(string name, Func<DebugType?> type, VariableLocation location)
{
    private readonly Lazy<DebugType?> _type = new(type);

    /// <summary>The name; with namespaces and classes, unless it is local to a function.</summary>
    public string Name => name;

    /// <summary>The type; null when the file does not give it.</summary>
    public DebugType? Type => _type.Value;

    /// <summary>The location.</summary>
    public VariableLocation Location => location;

    /// <summary>True for a parameter of a function.</summary>
    public bool IsParameter { get; init; }

    /// <summary>The source file that declares it, as DWARF names it; null when it is not known.</summary>
    public string? DeclarationFile { get; init; }
}
