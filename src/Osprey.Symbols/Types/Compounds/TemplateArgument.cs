namespace Osprey.Symbols.Types.Compounds;

/// <summary>An argument of a template.</summary>
/// <param name="name">The parameter's name; null when it has none.</param>
/// <param name="type">Returns the type that was given, or the type of the value; null for <c>void</c>.</param>
/// <param name="value">The value that was given; null for a type.</param>
public sealed class TemplateArgument(string? name, Func<DebugType?> type, long? value)
{
    private readonly Lazy<DebugType?> _type = new(type);

    /// <summary>The parameter's name; null when it has none.</summary>
    public string? Name => name;

    /// <summary>The type that was given, or the type of the value; null for <c>void</c>.</summary>
    public DebugType? Type => _type.Value;

    /// <summary>The value that was given; null for a type.</summary>
    public long? Value => value;
}
