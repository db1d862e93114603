namespace Osprey.Symbols.Types;

/// <summary>A type as debug info describes it. The types that it refers to are read when they are asked for.</summary>
/// <remarks>
/// One object stands for one entry of the debug info: a second look-up of the same entry returns the same object.
/// Thread-safe.
/// </remarks>
public abstract class DebugType
{
    /// <summary>
    /// The type's name with namespaces, enclosing classes and template arguments; null when it has none.
    /// </summary>
    public abstract string? Name { get; }

    /// <summary>The type's size in bytes; null when it is not known, as for a class that is only declared.</summary>
    public abstract ulong? Size { get; }

    /// <summary>
    /// The type behind typedefs and qualifiers such as const; the type itself when there are none, or they lead to
    /// <c>void</c>.
    /// </summary>
    public virtual DebugType Stripped => this;
}
