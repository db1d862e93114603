using Osprey.Binary;
using Osprey.Binary.Dwarf.Info;

namespace Osprey.Symbols.Types.Entries;

/// <summary>Finds what is around the entries of a unit: namespaces, classes, enumerations and functions.</summary>
/// <remarks>
/// An entry does not tell what it lies in: the way to it is walked from the unit's start. A unit in C++ has ten
/// thousands of scopes, and most units are asked for a few entries, so that no list of all scopes is made. Instead,
/// marks are left on the way, from which a later walk starts.
/// <para>Thread-safe.</para>
/// </remarks>
internal sealed class UnitScopes(CompilationUnit unit)
{
    /// <summary>So many entries lie between two marks, not counted those that a walk goes past.</summary>
    private const int MarkEvery = 32;

    private readonly Lock _lock = new();
    private readonly List<Mark> _marks = []; // by offset

    /// <summary>Finds the scopes around an entry, innermost first.</summary>
    /// <exception cref="BadDataException">The unit is malformed in front of the entry.</exception>
    public void FindAround(ulong offset, List<ulong> scopes)
    {
        Scope? scope;
        EntryShapes shapes = unit.Owner.Shapes.Rent(unit);
        try
        {
            lock (_lock)
                scope = WalkTo(offset, shapes);
        }
        finally
        {
            unit.Owner.Shapes.Return(shapes);
        }

        for (; scope is not null; scope = scope.Parent)
            scopes.Add(scope.Offset);
    }

    private Scope? WalkTo(ulong offset, EntryShapes shapes)
    {
        var scanner = new EntryScanner(unit, shapes);
        bool more = Start(ref scanner, offset, out Scope? scope);
        int steps = 0;
        while (more && scanner.Offset < offset)
        {
            scope = Leave(scope, scanner.Depth);
            bool isNew = _marks.Count == 0 || scanner.Offset > _marks[^1].Offset;
            if (isNew && scope is null or { IsNamespace: true } && ++steps == MarkEvery)
            {
                _marks.Add(new Mark(scanner.Offset, scanner.Depth, scope));
                steps = 0;
            }

            // Namespaces are walked through for the marks, even when they end before the entry.
            bool isBefore = scanner.Sibling is { } sibling && sibling <= offset;
            bool isEntered = !isBefore || (isNew && scanner.Tag == DwarfTag.Namespace);
            if (isEntered && scanner.HasChildren && IsScope(scanner.Tag))
                scope = new Scope(scanner.Offset, scanner.Depth, scanner.Tag == DwarfTag.Namespace, scope);

            more = isEntered ? scanner.MoveNext() : scanner.MoveNextSibling();
        }

        return Leave(scope, more ? scanner.Depth : 0);
    }

    /// <summary>
    /// Moves to the last mark that is not behind the entry, or else to the first entry in the unit's own.
    /// </summary>
    private bool Start(ref EntryScanner scanner, ulong offset, out Scope? scope)
    {
        int low = 0;
        int high = _marks.Count;
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            if (_marks[middle].Offset <= offset)
                low = middle + 1;
            else
                high = middle;
        }

        if (low == 0)
        {
            scope = null;
            return scanner.MoveNext() && scanner.MoveNext();
        }

        Mark mark = _marks[low - 1];
        scope = mark.Scope;
        return scanner.MoveTo(mark.Offset, mark.Depth);
    }

    /// <summary>Returns the innermost scope that has not ended in front of an entry of a depth.</summary>
    private static Scope? Leave(Scope? scope, int depth)
    {
        while (scope is not null && scope.Depth >= depth)
            scope = scope.Parent;

        return scope;
    }

    private static bool IsScope(DwarfTag tag) =>
        tag
            is DwarfTag.Namespace
                or DwarfTag.Subprogram
                or DwarfTag.EnumerationType
                or DwarfTag.StructureType
                or DwarfTag.ClassType
                or DwarfTag.UnionType
                or DwarfTag.InterfaceType;

    private readonly record struct Mark(ulong Offset, int Depth, Scope? Scope);

    private sealed class Scope(ulong offset, int depth, bool isNamespace, Scope? parent)
    {
        public ulong Offset => offset;

        public int Depth => depth;

        public bool IsNamespace => isNamespace;

        public Scope? Parent => parent;
    }
}
