namespace Osprey.Symbols.Types;

/// <summary>A type as debug info describes it. What it refers to is read when it is asked for.</summary>
/// <remarks>
/// One object stands for one entry of the debug info, so equal entries are the same object. Thread-safe.
/// </remarks>
public abstract class DebugType
{
    /// <summary>Its name with namespaces, enclosing classes and template arguments; null when it has none.</summary>
    public abstract string? Name { get; }

    /// <summary>Its size in bytes; null when that is not known, as of a class that is only declared.</summary>
    public abstract ulong? Size { get; }

    /// <summary>The type behind typedefs, const and volatile.</summary>
    public virtual DebugType Stripped => this;
}
