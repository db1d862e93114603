using Osprey.Binary;
using Osprey.Binary.Dwarf.Info;

namespace Osprey.Symbols.Types.Names;

/// <summary>Collects the names of unit after unit: what is in namespaces and classes, not what is in functions.</summary>
/// <remarks>Not thread-safe: one for each thread.</remarks>
internal sealed class UnitNames
{
    private const int CachedNames = 1 << 13;
    private const int MaxDepth = 256;

    private readonly NameTable _table = new();
    private readonly EntryShapes _shapes = new();
    private readonly Scope[] _scopes = new Scope[MaxDepth];
    private readonly ulong[] _cachedOffsets = new ulong[CachedNames];
    private readonly ulong[] _cachedHashes = new ulong[CachedNames];
    private ArrayBuilder<Declared> _declared;
    private CompilationUnit _unit = null!;
    private bool _isInTypes;

    private enum ScopeKind : byte
    {
        Namespace,
        Class,
        Enumeration,
    }

    public NameTable Table => _table;

    /// <summary>Adds the names of a unit; what was read before an error stays.</summary>
    /// <exception cref="BadDataException">It is malformed.</exception>
    public void Read(CompilationUnit unit)
    {
        _unit = unit;
        _isInTypes = unit.Owner.HoldsTypeUnits;
        _declared.Clear();
        _shapes.Load(unit);
        var scanner = new EntryScanner(unit, _shapes);
        if (!scanner.MoveNext() || !scanner.HasChildren)
            return;

        _scopes[0] = new Scope(ScopeKind.Namespace, NameHash.Root, NameHash.Root, 0);
        bool more = scanner.MoveNext();
        while (more)
            more = Add(ref scanner) && scanner.Depth < MaxDepth - 1 ? scanner.MoveNext() : scanner.MoveNextSibling();
    }

    /// <summary>Adds an entry's name.</summary>
    /// <returns>Whether names below it are wanted too.</returns>
    private bool Add(ref EntryScanner scanner)
    {
        ref readonly Scope scope = ref _scopes[scanner.Depth - 1];
        switch (scanner.Tag)
        {
            case DwarfTag.Namespace:
                return OpenNamespace(ref scanner, scope);
            case DwarfTag.StructureType or DwarfTag.ClassType or DwarfTag.UnionType or DwarfTag.InterfaceType:
                return AddClass(ref scanner, scope);
            case DwarfTag.EnumerationType:
                return AddEnumeration(ref scanner, scope);
            case DwarfTag.Enumerator:
                if (scope.Kind == ScopeKind.Enumeration && scanner.Name.Form != DwarfForm.None)
                    AddName(scope, Hash(scanner.Name), scope.EntryOffset, NameKind.Enumerator, 0);

                return false;
            case DwarfTag.Typedef or DwarfTag.TemplateAlias:
                if (scanner.Name.Form != DwarfForm.None)
                    AddName(scope, Hash(scanner.Name), scanner.Offset, NameKind.Alias, 0);

                return false;
            case DwarfTag.BaseType or DwarfTag.UnspecifiedType:
                if (scanner.Name.Form != DwarfForm.None)
                    AddName(scope, Hash(scanner.Name), scanner.Offset, NameKind.Type, 0);

                return false;
            case DwarfTag.Variable or DwarfTag.Member:
                AddVariable(ref scanner, scope);
                return false;
            case DwarfTag.Subprogram:
                if (scope.Kind == ScopeKind.Namespace && scanner.Name.Form != DwarfForm.None)
                    AddFunction(ref scanner, scope);

                return false;
            case DwarfTag.ImportedDeclaration:
                if (scope.Kind == ScopeKind.Namespace && scanner.Name.Form == DwarfForm.None)
                    AddImport(ref scanner, scope);

                return false;
            default:
                return false;
        }
    }

    private bool OpenNamespace(ref EntryScanner scanner, in Scope scope)
    {
        ulong shortKey = scope.ShortKey;
        ulong fullKey = scope.FullKey;
        if (scanner.Name.Form != DwarfForm.None)
        {
            ulong name = Hash(scanner.Name);
            fullKey = NameHash.Combine(fullKey, name);
            if ((scanner.Marks & EntryMarks.ExportSymbols) == 0)
                shortKey = NameHash.Combine(shortKey, name);
        }

        _scopes[scanner.Depth] = new Scope(ScopeKind.Namespace, fullKey, shortKey, 0);
        return scanner.HasChildren;
    }

    private bool AddClass(ref EntryScanner scanner, in Scope scope)
    {
        ulong full;
        ulong brief;
        if (scanner.Name.Form != DwarfForm.None)
        {
            ulong name = Hash(scanner.Name);
            full = NameHash.Combine(scope.FullKey, name);
            brief = NameHash.Combine(scope.ShortKey, name);
            _declared.Add(new Declared(scanner.Offset, full, brief));
        }
        else if (!TryFindDeclared(scanner.Origin, out full, out brief))
        {
            return false;
        }

        bool isDeclaration = (scanner.Marks & (EntryMarks.Declaration | EntryMarks.Signature)) != 0;
        AddKeys(full, brief, scanner.Offset, isDeclaration ? NameKind.TypeDeclaration : NameKind.Type, 0);
        _scopes[scanner.Depth] = new Scope(ScopeKind.Class, full, brief, 0);
        return scanner.HasChildren;
    }

    private bool AddEnumeration(ref EntryScanner scanner, in Scope scope)
    {
        bool isDeclaration = (scanner.Marks & (EntryMarks.Declaration | EntryMarks.Signature)) != 0;
        if (scanner.Name.Form != DwarfForm.None)
        {
            ulong name = Hash(scanner.Name);
            AddName(scope, name, scanner.Offset, isDeclaration ? NameKind.TypeDeclaration : NameKind.Type, 0);
        }

        // Names of an "enum class" are not seen without the enumeration's; those are looked for in the enumeration.
        if ((scanner.Marks & EntryMarks.EnumClass) != 0)
            return false;

        _scopes[scanner.Depth] = new Scope(ScopeKind.Enumeration, scope.FullKey, scope.ShortKey, scanner.Offset);
        return scanner.HasChildren;
    }

    private void AddVariable(ref EntryScanner scanner, in Scope scope)
    {
        if (scanner.Tag == DwarfTag.Member
            && (scope.Kind != ScopeKind.Class
                || (scanner.Marks & (EntryMarks.External | EntryMarks.Declaration)) == 0
                || (scanner.Marks & EntryMarks.MemberLocation) != 0))
        {
            return;
        }

        bool hasValue = (scanner.Marks & (EntryMarks.Location | EntryMarks.Constant)) != 0;
        ulong full;
        ulong brief;
        if (scanner.Name.Form != DwarfForm.None)
        {
            ulong name = Hash(scanner.Name);
            full = NameHash.Combine(scope.FullKey, name);
            brief = NameHash.Combine(scope.ShortKey, name);
            if ((scanner.Marks & (EntryMarks.Declaration | EntryMarks.External)) != 0)
                _declared.Add(new Declared(scanner.Offset, full, brief));
        }
        else if (!TryFindDeclared(scanner.Origin, out full, out brief))
        {
            return;
        }

        // A static member with a constant is in every unit that sees its class.
        bool isOne = !hasValue || (scope.Kind == ScopeKind.Class && (scanner.Marks & EntryMarks.Location) == 0);
        uint distinction = isOne ? 0 : unchecked((uint)scanner.Offset);
        AddKeys(full, brief, scanner.Offset, hasValue ? NameKind.Variable : NameKind.VariableDeclaration, distinction);
    }

    private void AddFunction(ref EntryScanner scanner, in Scope scope)
    {
        bool hasCode = (scanner.Marks & (EntryMarks.Code | EntryMarks.Inline)) != 0;
        uint distinction = scanner.LinkageName.Form != DwarfForm.None ? unchecked((uint)scanner.LinkageName.Bits)
            : hasCode ? unchecked((uint)scanner.Offset)
            : 0;
        AddName(scope, Hash(scanner.Name), scanner.Offset, hasCode ? NameKind.Function : NameKind.FunctionDeclaration, distinction);
    }

    private void AddImport(ref EntryScanner scanner, in Scope scope)
    {
        AttributeValue import = scanner.Import;
        if (import.Form is not (DwarfForm.Reference1 or DwarfForm.Reference2 or DwarfForm.Reference4 or DwarfForm.Reference8 or DwarfForm.ReferenceUnsigned))
            return;

        ulong target = unchecked(import.Bits + _unit.Offset);
        if (!scanner.TryPeek(target, out DwarfTag tag, out AttributeValue name) || name.Form == DwarfForm.None)
            return;

        if (tag is DwarfTag.Typedef or DwarfTag.StructureType or DwarfTag.ClassType or DwarfTag.UnionType or DwarfTag.EnumerationType or DwarfTag.BaseType)
            AddName(scope, Hash(name), target, NameKind.ImportedType, 0);
    }

    private void AddName(in Scope scope, ulong name, ulong offset, NameKind kind, uint distinction) =>
        AddKeys(NameHash.Combine(scope.FullKey, name), NameHash.Combine(scope.ShortKey, name), offset, kind, distinction);

    private void AddKeys(ulong full, ulong brief, ulong offset, NameKind kind, uint distinction)
    {
        _table.Add(NameEntry.Create(full, offset, kind, _isInTypes, distinction));
        if (brief != full)
            _table.Add(NameEntry.Create(brief, offset, kind, _isInTypes, distinction));
    }

    /// <summary>The keys of an entry of this unit that was seen before.</summary>
    private bool TryFindDeclared(in AttributeValue origin, out ulong full, out ulong brief)
    {
        full = 0;
        brief = 0;
        if (origin.Form == DwarfForm.None)
            return false;

        ulong offset = origin.Form == DwarfForm.ReferenceAddress ? origin.Bits : unchecked(origin.Bits + _unit.Offset);
        int low = 0;
        int high = _declared.Count - 1;
        while (low <= high)
        {
            int middle = (low + high) >>> 1;
            ref Declared item = ref _declared[middle];
            if (item.Offset == offset)
            {
                full = item.FullKey;
                brief = item.ShortKey;
                return true;
            }

            if (item.Offset < offset)
                low = middle + 1;
            else
                high = middle - 1;
        }

        return false;
    }

    private ulong Hash(in AttributeValue name)
    {
        if (name.Form != DwarfForm.StringOffset)
            return NameHash.Of(_unit.GetStringBytes(name));

        // The same names stand in every unit that includes the same headers.
        ulong offset = unchecked(name.Bits + 1);
        int slot = unchecked((int)((offset * NameHash.Root) >> 51));
        if (_cachedOffsets[slot] == offset)
            return _cachedHashes[slot];

        ulong hash = NameHash.Of(_unit.GetStringBytes(name));
        _cachedOffsets[slot] = offset;
        _cachedHashes[slot] = hash;
        return hash;
    }

    /// <param name="Kind">What it is.</param>
    /// <param name="FullKey">Hash of its qualified name.</param>
    /// <param name="ShortKey">The same without inline namespaces.</param>
    /// <param name="EntryOffset">An enumeration's entry.</param>
    private readonly record struct Scope(ScopeKind Kind, ulong FullKey, ulong ShortKey, ulong EntryOffset);

    private readonly record struct Declared(ulong Offset, ulong FullKey, ulong ShortKey);
}
