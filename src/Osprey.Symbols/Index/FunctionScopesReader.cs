using Osprey.Binary;
using Osprey.Binary.Dwarf.Info;
using Osprey.Binary.Dwarf.Lists;

namespace Osprey.Symbols.Index;

/// <summary>Reads the functions and inlined calls of a unit, in one pass over its entries.</summary>
/// <remarks>
/// Most entries of a unit are types and what is declared in them, without code: compilers of C and C++ put a function's
/// code outside of the class that it is declared in. So these can be left out, by the hundred thousand, as long as
/// whoever finds no function at an address has all read then.
/// </remarks>
internal sealed class FunctionScopesReader
{
    private readonly CompilationUnit _unit;
    private readonly RangeFlattener _pieces = new();
    private ArrayBuilder<FunctionScope> _scopes;
    private readonly AddressRangeList _ranges = new();

    /// <summary>The functions and inlined calls around the entry that the cursor is at, outermost first.</summary>
    private ArrayBuilder<OpenScope> _open;
    private int _rangeCount;

    private FunctionScopesReader(CompilationUnit unit) => _unit = unit;

    /// <summary>Reads a unit; scopes read before an error are kept.</summary>
    /// <param name="unit">The unit.</param>
    /// <param name="withinTypes">True to look for functions within types, too, where they are hardly ever.</param>
    /// <param name="problem">The error that ended the reading; null when all was read.</param>
    public static FunctionScopes Read(CompilationUnit unit, bool withinTypes, out BadDataException? problem)
    {
        var reader = new FunctionScopesReader(unit);
        problem = null;
        try
        {
            reader.ReadEntries(withinTypes);
        }
        catch (BadDataException e)
        {
            problem = e;
        }

        (ulong[] starts, int[] values) = reader._pieces.Flatten();
        return new FunctionScopes(starts, values, reader._scopes.ToArray());
    }

    private void ReadEntries(bool withinTypes)
    {
        DieCursor cursor = _unit.OpenCursor();
        bool more = cursor.MoveNext();
        while (more)
        {
            if (!withinTypes && IsType(cursor.Abbreviation))
            {
                more = cursor.MoveNextSibling();
                continue;
            }

            while (_open.Count > 0 && _open[_open.Count - 1].Depth >= cursor.Depth)
                _open.RemoveLast();

            if (cursor.Tag is DwarfTag.Subprogram or DwarfTag.InlinedSubroutine)
                ReadScope(ref cursor);

            more = cursor.MoveNext();
        }
    }

    /// <summary>True for the entries of types and of functions that are only declared.</summary>
    private static bool IsType(Abbreviation abbreviation) =>
        abbreviation.Tag switch
        {
            DwarfTag.ClassType
            or DwarfTag.StructureType
            or DwarfTag.UnionType
            or DwarfTag.InterfaceType
            or DwarfTag.EnumerationType
            or DwarfTag.SubroutineType => true,
            DwarfTag.Subprogram => abbreviation.IsDeclaration && !abbreviation.HasAddresses,
            _ => false,
        };

    private void ReadScope(ref DieCursor cursor)
    {
        var scope = new OpenScope
        {
            Depth = cursor.Depth,
            EntryOffset = cursor.Offset,
            IsInlined = cursor.Tag == DwarfTag.InlinedSubroutine,
            CallFile = -1,
            Index = FunctionScopes.None,
        };
        _ranges.Clear();
        if (cursor.Abbreviation.HasAddresses || (scope.IsInlined && cursor.HasChildren))
            ReadAttributes(ref cursor, ref scope);

        if (_ranges.Count == 0 && !cursor.HasChildren)
            return;

        _open.Add(scope);
        if (_ranges.Count == 0)
            return;

        _rangeCount += _ranges.Count;
        if (_rangeCount > _unit.Owner.Limits.MaxUnitRanges)
            throw new BadDataException(
                ".debug_info",
                (long)cursor.Offset,
                $"more than {_unit.Owner.Limits.MaxUnitRanges} ranges in one unit"
            );

        // The innermost scope counts; of several, the last. Nesting decides first because old formats have an entry for
        // a part of a function that was moved away, which stands behind the calls inlined there and covers them.
        int index = NumberOpenScopes();
        long priority = ((long)_open.Count << 32) | (uint)index;
        for (int i = 0; i < _ranges.Count; i++)
            _pieces.Add(_ranges[i].Low, _ranges[i].High, priority, index);
    }

    private void ReadAttributes(ref DieCursor cursor, ref OpenScope scope)
    {
        var addresses = new AddressAttributes();
        while (cursor.TryReadAttribute(out DwarfAttribute name, out AttributeValue value))
        {
            switch (name)
            {
                case DwarfAttribute.CallFile:
                    scope.CallFile = value.AsInt32() ?? -1;
                    break;
                case DwarfAttribute.CallLine:
                    scope.CallLine = value.AsInt32() ?? 0;
                    break;
                default:
                    addresses.Take(name, value);
                    break;
            }
        }

        addresses.AddTo(_ranges, _unit);
    }

    /// <summary>
    /// Gives an index to the innermost open scope, and before it to those around it that have none yet: they have no
    /// code of their own but are part of the chain. The chain ends at the first function.
    /// </summary>
    private int NumberOpenScopes()
    {
        int first = _open.Count - 1;
        while (first > 0 && _open[first].IsInlined && _open[first - 1].Index == FunctionScopes.None)
            first--;

        int parent = first > 0 && _open[first].IsInlined ? _open[first - 1].Index : FunctionScopes.None;
        for (int i = first; i < _open.Count; i++)
        {
            ref OpenScope scope = ref _open[i];
            scope.Index = _scopes.Count;
            _scopes.Add(
                new FunctionScope(
                    scope.EntryOffset,
                    scope.IsInlined ? parent : FunctionScopes.None,
                    scope.CallFile,
                    scope.CallLine
                )
            );
            parent = scope.Index;
        }

        return parent;
    }

    private struct OpenScope
    {
        public int Depth;
        public ulong EntryOffset;
        public bool IsInlined;
        public int CallFile;
        public int CallLine;
        public int Index;
    }
}
