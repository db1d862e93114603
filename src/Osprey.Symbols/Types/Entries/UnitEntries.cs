using System.Diagnostics.CodeAnalysis;
using Osprey.Binary;
using Osprey.Binary.Dwarf.Info;

namespace Osprey.Symbols.Types.Entries;

/// <summary>
/// The entries of a unit: reads them, finds the scopes around each, and keeps the types that were made from them.
/// </summary>
/// <remarks>Thread-safe. No lock is held while a type is made.</remarks>
internal sealed class UnitEntries(CompilationUnit unit)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<ulong, DebugType> _types = [];
    private readonly Dictionary<ulong, string?> _names = [];
    private readonly UnitScopes _scopes = new(unit);

    /// <summary>The unit.</summary>
    public CompilationUnit Unit => unit;

    /// <summary>True when the unit is in C.</summary>
    public bool IsC => unit.IsC;

    /// <summary>True when the unit's compiler can leave the arguments of templates out of names.</summary>
    public bool CanHaveSimpleNames => unit.Producer?.Contains("clang", StringComparison.Ordinal) == true;

    /// <summary>Opens a cursor at an entry; false when no entry is there.</summary>
    /// <exception cref="BadDataException">The entry is malformed.</exception>
    public bool TryOpen(ulong offset, out DieCursor cursor)
    {
        cursor = unit.OpenCursor(offset);
        return cursor.MoveNext();
    }

    /// <summary>Reads one entry; false when no entry is there.</summary>
    /// <exception cref="BadDataException">The entry is malformed.</exception>
    public bool TryRead(ulong offset, [NotNullWhen(true)] out EntryAttributes? entry)
    {
        DieCursor cursor = unit.OpenCursor(offset);
        if (cursor.MoveNext())
        {
            EntryAttributes.Read(ref cursor, out entry);
            return true;
        }

        entry = null;
        return false;
    }

    /// <summary>Returns the type that was made from an entry; null when none was made yet.</summary>
    public DebugType? FindType(ulong offset)
    {
        lock (_lock)
            return _types.TryGetValue(offset, out DebugType? type) ? type : null;
    }

    /// <summary>
    /// Keeps a type that was made from an entry, and returns it. When another thread was faster, that thread's type is
    /// returned.
    /// </summary>
    public DebugType AddType(ulong offset, DebugType type)
    {
        lock (_lock)
        {
            if (_types.TryGetValue(offset, out DebugType? first))
                return first;

            _types.Add(offset, type);
            return type;
        }
    }

    /// <summary>Returns the qualified name that was kept for an entry; false when none was kept yet.</summary>
    public bool TryGetName(ulong offset, out string? name)
    {
        lock (_lock)
            return _names.TryGetValue(offset, out name);
    }

    /// <summary>Keeps the qualified name of an entry.</summary>
    public void AddName(ulong offset, string? name)
    {
        lock (_lock)
            _names[offset] = name;
    }

    /// <summary>Finds the namespaces, classes and functions around an entry, innermost first.</summary>
    /// <exception cref="BadDataException">The unit is malformed.</exception>
    public void FindScopes(ulong offset, List<ulong> scopes) => _scopes.FindAround(offset, scopes);
}
