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
    /// <summary>So many times the way to an entry is walked before all containers of the unit are listed.</summary>
    private const int WorthAList = 16;

    private readonly Lock _lock = new();
    private readonly Dictionary<ulong, DebugType> _types = [];
    private readonly Dictionary<ulong, string?> _names = [];
    private readonly EntryShapes _shapes = new(); // under the lock
    private Container[]? _containers;
    private int _lookups;

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
    public void FindContainers(ulong offset, List<ulong> containers)
    {
        if (Volatile.Read(ref _containers) is null && Interlocked.Increment(ref _lookups) <= WorthAList)
        {
            WalkTo(offset, containers);
            return;
        }

        Container[] all = GetContainers();
        int low = 0;
        int high = all.Length;
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            if (all[middle].Start < offset)
                low = middle + 1;
            else
                high = middle;
        }

        for (int i = low - 1; i >= 0; i = all[i].Parent)
        {
            if (all[i].End <= offset)
                continue;

            if (all[i].Tag == DwarfTag.Subprogram && containers.Count == 0)
                FindInFunction(all[i].Start, offset, containers);

            containers.Add(all[i].Start);
        }
    }

    /// <summary>
    /// Walks to an entry, past all that is known to end before it. A unit in C++ has ten thousands of containers, and
    /// most units are asked for a few.
    /// </summary>
    private void WalkTo(ulong offset, List<ulong> containers)
    {
        var path = new List<(int Depth, ulong Offset)>();
        lock (_lock)
        {
            _shapes.Load(unit);
            var scanner = new EntryScanner(unit, _shapes);
            bool more = scanner.MoveNext() && scanner.MoveNext();
            while (more && scanner.Offset < offset)
            {
                Leave(path, scanner.Depth);
                bool isBefore = scanner.Sibling is { } sibling && sibling <= offset;
                if (scanner.HasChildren && !isBefore && IsContainer(scanner.Tag))
                    path.Add((scanner.Depth, scanner.Offset));

                more = isBefore ? scanner.MoveNextSibling() : scanner.MoveNext();
            }

            Leave(path, more ? scanner.Depth : 0);
        }

        for (int i = path.Count - 1; i >= 0; i--)
            containers.Add(path[i].Offset);

        // Those of this depth or below have ended.
        static void Leave(List<(int Depth, ulong Offset)> path, int depth)
        {
            while (path.Count > 0 && path[^1].Depth >= depth)
                path.RemoveAt(path.Count - 1);
        }
    }

    private static bool IsContainer(DwarfTag tag) =>
        tag is DwarfTag.Namespace or DwarfTag.Subprogram or DwarfTag.EnumerationType || IsClass(tag);

    private static bool IsClass(DwarfTag tag) =>
        tag is DwarfTag.StructureType or DwarfTag.ClassType or DwarfTag.UnionType or DwarfTag.InterfaceType;

    /// <summary>Adds the classes and nested functions between a function and an entry in it, innermost first.</summary>
    private void FindInFunction(ulong function, ulong offset, List<ulong> containers)
    {
        var path = new List<(int Depth, ulong Offset)>();
        DieCursor cursor = unit.OpenCursor(function);
        while (cursor.MoveNext() && cursor.Offset < offset)
        {
            while (path.Count > 0 && path[^1].Depth >= cursor.Depth)
                path.RemoveAt(path.Count - 1);

            if (cursor.Depth > 0 && cursor.HasChildren && IsContainer(cursor.Tag))
                path.Add((cursor.Depth, cursor.Offset));
        }

        // The last entry read is the one in question, or the first behind it; scopes that are not above it have ended.
        for (int i = path.Count - 1; i >= 0; i--)
        {
            if (path[i].Depth < cursor.Depth)
                containers.Add(path[i].Offset);
        }
    }

    private Container[] GetContainers()
    {
        if (Volatile.Read(ref _containers) is { } known)
            return known;

        var found = new ArrayBuilder<Container>();
        var open = new ArrayBuilder<OpenContainer>();
        var shapes = new EntryShapes();
        shapes.Load(unit);
        var scanner = new EntryScanner(unit, shapes);
        bool more = scanner.MoveNext() && scanner.MoveNext();
        while (more)
        {
            while (open.Count > 0 && open[open.Count - 1].Depth >= scanner.Depth)
            {
                found[open[open.Count - 1].Index].End = scanner.Offset;
                open.RemoveLast();
            }

            if (scanner.HasChildren && IsContainer(scanner.Tag))
            {
                int parent = open.Count > 0 ? open[open.Count - 1].Index : -1;
                open.Add(new OpenContainer(scanner.Depth, found.Count));
                found.Add(
                    new Container
                    {
                        Start = scanner.Offset,
                        End = unit.EndOffset,
                        Parent = parent,
                        Tag = scanner.Tag,
                    }
                );
            }

            more =
                scanner.Tag == DwarfTag.Namespace || IsClass(scanner.Tag)
                    ? scanner.MoveNext()
                    : scanner.MoveNextSibling();
        }

        Container[] containers = found.ToArray();
        Volatile.Write(ref _containers, containers);
        return containers;
    }

    private readonly record struct OpenContainer(int Depth, int Index);

    private struct Container
    {
        public ulong Start;
        public ulong End;
        public int Parent;
        public DwarfTag Tag;
    }
}
