using Osprey.Binary;
using Osprey.Binary.Dwarf.Info;

namespace Osprey.Symbols.Types.Names;

/// <summary>
/// Collects the names of one unit after the other: those in namespaces and classes, not those in functions.
/// </summary>
/// <param name="table">Receives the names.</param>
/// <remarks>Not thread-safe: each thread needs its own.</remarks>
internal sealed class UnitNames(NameTable table)
{
    private const int MaxDepth = 256;

    private readonly EntryShapes _shapes = new();
    private readonly Scope[] _scopes = new Scope[MaxDepth];
    private readonly NameHashCache _hashes = new();
    private ArrayBuilder<Declared> _declared;
    private ArrayBuilder<Pending> _pending;
    private CompilationUnit _unit = null!;
    private bool _isInTypes;
    private ulong _base;
    private readonly SignatureKeys _signatures = new();
    private bool _hasArguments;
    private ulong _template;

    /// <summary>
    /// The depth of the outermost open instance of a template whose entry is named without its arguments;
    /// <see cref="int.MaxValue"/> outside of such instances.
    /// </summary>
    private int _instanceDepth;

    private enum ScopeKind : byte
    {
        Namespace,
        Class,
        Enumeration,
    }

    /// <summary>The names so far.</summary>
    public NameTable Table => table;

    /// <summary>Adds the names of a unit; names read before an error stay.</summary>
    /// <exception cref="BadDataException">The unit is malformed.</exception>
    public void Read(CompilationUnit unit)
    {
        _unit = unit;
        _base = unit.Owner.NameBase;
        _isInTypes = unit.Owner.HoldsTypeUnits && _base == 0;
        _declared.Clear();
        _pending.Clear();
        _shapes.Load(unit);
        var scanner = new EntryScanner(unit, _shapes);
        if (!scanner.MoveNext() || !scanner.HasChildren)
            return;

        _instanceDepth = int.MaxValue;
        _scopes[0] = new Scope(ScopeKind.Namespace, NameHash.Root, NameHash.Root, 0);
        bool more = scanner.MoveNext();
        while (more)
        {
            int depth = scanner.Depth;
            bool below = Add(ref scanner) && depth < MaxDepth - 1;
            ref readonly Scope scope = ref _scopes[below ? depth : depth - 1];
            more = scanner.MoveNextName(
                below,
                scope.Kind == ScopeKind.Namespace,
                scope.Kind == ScopeKind.Class && scope.EntryOffset != 0 && !scope.HasArguments
            );
        }

        for (int i = 0; i < _pending.Count; i++)
        {
            if (TryFindDeclared(_pending[i].Origin, out Declared declared))
                AddKeys(
                    declared.FullKey,
                    declared.ShortKey,
                    _pending[i].Offset,
                    NameKind.Variable,
                    unchecked((uint)_pending[i].Offset)
                );
        }
    }

    /// <summary>Adds an entry's name.</summary>
    /// <returns>True when names below the entry are wanted too.</returns>
    private bool Add(ref EntryScanner scanner)
    {
        if (scanner.Depth < _instanceDepth)
            _instanceDepth = int.MaxValue;

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
                    AddName(scope, Hash(scanner.Name), scanner.Offset, NameKind.Alias, GetDistinction(scanner.Offset));

                return false;
            case DwarfTag.BaseType or DwarfTag.UnspecifiedType:
                if (scanner.Name.Form != DwarfForm.None)
                    AddName(scope, Hash(scanner.Name), scanner.Offset, NameKind.Type, 0);

                return false;
            case DwarfTag.Variable or DwarfTag.Member:
                AddVariable(ref scanner, scope);
                return false;
            case DwarfTag.Subprogram:
                if (scope.Kind == ScopeKind.Namespace)
                    AddFunction(ref scanner, scope);

                return false;
            case DwarfTag.ImportedDeclaration:
                if (scope.Kind == ScopeKind.Namespace && scanner.Name.Form == DwarfForm.None)
                    AddImport(ref scanner, scope);

                return false;
            case DwarfTag.TemplateTypeParameter or DwarfTag.TemplateValueParameter or DwarfTag.GnuTemplateParameterPack:
                // All instances of this template have the same name, and each must be found.
                if (scope.Kind == ScopeKind.Class && scope.EntryOffset != 0 && !scope.HasArguments)
                {
                    _instanceDepth = Math.Min(_instanceDepth, scanner.Depth);
                    AddKeys(
                        scope.FullKey,
                        scope.ShortKey,
                        scope.EntryOffset,
                        NameKind.Type,
                        unchecked((uint)scope.EntryOffset)
                    );
                }

                return false;
            default:
                return false;
        }
    }

    private uint GetDistinction(ulong offset) => _instanceDepth == int.MaxValue ? 0 : unchecked((uint)offset);

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
        _hasArguments = true;
        _template = 0;
        if (!TryGetKeys(ref scanner, scope, true, out ulong full, out ulong brief))
        {
            // In a type unit, the class around a type can be a mere reference to its own type unit.
            if (
                (scanner.Marks & EntryMarks.Signature) == 0
                || !scanner.HasChildren
                || !_signatures.TryGet(_unit, scanner.Offset, out full, out brief)
            )
                return false;

            _scopes[scanner.Depth] = new Scope(ScopeKind.Class, full, brief, 0);
            return true;
        }

        bool isDeclaration = (scanner.Marks & (EntryMarks.Declaration | EntryMarks.Signature)) != 0;
        AddKeys(
            full,
            brief,
            scanner.Offset,
            isDeclaration ? NameKind.TypeDeclaration : NameKind.Type,
            GetDistinction(scanner.Offset)
        );
        AddInstance(ref scanner, scope, isDeclaration, full);

        _scopes[scanner.Depth] = new Scope(
            ScopeKind.Class,
            full,
            brief,
            isDeclaration ? 0 : scanner.Offset,
            _hasArguments
        );
        return scanner.HasChildren;
    }

    /// <summary>Adds a complete instance of a template under the template's name.</summary>
    private void AddInstance(ref EntryScanner scanner, in Scope scope, bool isDeclaration, ulong full)
    {
        if (isDeclaration)
            return;

        Scope holder = scope;
        if (scanner.Name.Form != DwarfForm.None && TryFindDeclared(scanner.Origin, out Declared declared))
        {
            // In a type unit, GCC puts the class outside of its namespace, and a declaration of it inside.
            Hash(scanner.Name);
            holder = new Scope(ScopeKind.Namespace, declared.ScopeFullKey, declared.ScopeShortKey, 0);
        }

        if (_template != 0)
            AddName(holder, _template, scanner.Offset, NameKind.Instance, unchecked((uint)(full ^ (full >> 32))));
    }

    private bool AddEnumeration(ref EntryScanner scanner, in Scope scope)
    {
        bool isDeclaration = (scanner.Marks & (EntryMarks.Declaration | EntryMarks.Signature)) != 0;
        if (TryGetKeys(ref scanner, scope, true, out ulong full, out ulong brief))
            AddKeys(
                full,
                brief,
                scanner.Offset,
                isDeclaration ? NameKind.TypeDeclaration : NameKind.Type,
                GetDistinction(scanner.Offset)
            );

        // Names of an "enum class" are visible only with the enumeration's name before them; they are looked for in the
        // enumeration itself.
        if ((scanner.Marks & EntryMarks.EnumClass) != 0)
            return false;

        _scopes[scanner.Depth] = TryFindDeclared(scanner.Origin, out Declared declared)
            ? new Scope(ScopeKind.Enumeration, declared.ScopeFullKey, declared.ScopeShortKey, scanner.Offset)
            : new Scope(ScopeKind.Enumeration, scope.FullKey, scope.ShortKey, scanner.Offset);
        return scanner.HasChildren;
    }

    private void AddVariable(ref EntryScanner scanner, in Scope scope)
    {
        if (
            scanner.Tag == DwarfTag.Member
            && (
                scope.Kind != ScopeKind.Class
                || (scanner.Marks & (EntryMarks.External | EntryMarks.Declaration)) == 0
                || (scanner.Marks & EntryMarks.MemberLocation) != 0
            )
        )
        {
            return;
        }

        bool hasValue = (scanner.Marks & (EntryMarks.Location | EntryMarks.Constant)) != 0;
        bool isDeclared = (scanner.Marks & (EntryMarks.Declaration | EntryMarks.External)) != 0;
        if (!TryGetKeys(ref scanner, scope, isDeclared, out ulong full, out ulong brief))
        {
            // clang puts the definition of a static member before its class.
            if (hasValue && scanner.Origin.Form != DwarfForm.None)
                _pending.Add(new Pending(scanner.Origin, scanner.Offset));

            return;
        }

        // A static member with a constant value is in every unit that includes its class.
        bool isOne = !hasValue || (scope.Kind == ScopeKind.Class && (scanner.Marks & EntryMarks.Location) == 0);
        uint distinction = isOne ? 0 : unchecked((uint)scanner.Offset);
        AddKeys(full, brief, scanner.Offset, hasValue ? NameKind.Variable : NameKind.VariableDeclaration, distinction);
    }

    private void AddFunction(ref EntryScanner scanner, in Scope scope)
    {
        bool hasCode = (scanner.Marks & (EntryMarks.Code | EntryMarks.Inline)) != 0;
        bool isDeclared = (scanner.Marks & EntryMarks.Declaration) != 0;
        if (
            (scanner.Name.Form == DwarfForm.None && !hasCode)
            || !TryGetKeys(ref scanner, scope, isDeclared, out ulong full, out ulong brief)
        )
            return;

        uint distinction =
            scanner.LinkageName.Form != DwarfForm.None ? unchecked((uint)scanner.LinkageName.Bits)
            : hasCode ? unchecked((uint)scanner.Offset)
            : 0;
        AddKeys(full, brief, scanner.Offset, hasCode ? NameKind.Function : NameKind.FunctionDeclaration, distinction);
    }

    private void AddImport(ref EntryScanner scanner, in Scope scope)
    {
        AttributeValue import = scanner.Import;
        if (
            import.Form
            is not (
                DwarfForm.Reference1
                or DwarfForm.Reference2
                or DwarfForm.Reference4
                or DwarfForm.Reference8
                or DwarfForm.ReferenceUnsigned
            )
        )
            return;

        ulong target = unchecked(import.Bits + _unit.Offset);
        if (!scanner.TryPeek(target, out DwarfTag tag, out AttributeValue name) || name.Form == DwarfForm.None)
            return;

        if (
            tag
            is DwarfTag.Typedef
                or DwarfTag.StructureType
                or DwarfTag.ClassType
                or DwarfTag.UnionType
                or DwarfTag.EnumerationType
                or DwarfTag.BaseType
        )
            AddName(scope, Hash(name), target, NameKind.ImportedType, 0);
    }

    private void AddName(in Scope scope, ulong name, ulong offset, NameKind kind, uint distinction) =>
        AddKeys(
            NameHash.Combine(scope.FullKey, name),
            NameHash.Combine(scope.ShortKey, name),
            offset,
            kind,
            distinction
        );

    private void AddKeys(ulong full, ulong brief, ulong offset, NameKind kind, uint distinction)
    {
        offset += _base;
        table.Add(NameEntry.Create(full, offset, kind, _isInTypes, distinction));
        if (brief != full)
            table.Add(NameEntry.Create(brief, offset, kind, _isInTypes, distinction));
    }

    /// <summary>
    /// Returns the keys of an entry: those of the declaration that it completes, if there is one, since that is in the
    /// right scope; else those of its own name.
    /// </summary>
    private bool TryGetKeys(ref EntryScanner scanner, in Scope scope, bool isDeclared, out ulong full, out ulong brief)
    {
        if (TryFindDeclared(scanner.Origin, out Declared declared))
        {
            full = declared.FullKey;
            brief = declared.ShortKey;
        }
        else
        {
            full = 0;
            brief = 0;
            if (scanner.Name.Form == DwarfForm.None)
                return false;

            ulong name = Hash(scanner.Name);
            full = NameHash.Combine(scope.FullKey, name);
            brief = NameHash.Combine(scope.ShortKey, name);
        }

        if (isDeclared)
            _declared.Add(new Declared(scanner.Offset, full, brief, scope.FullKey, scope.ShortKey));

        return true;
    }

    /// <summary>Finds the keys of an earlier entry of this unit.</summary>
    private bool TryFindDeclared(in AttributeValue origin, out Declared found)
    {
        found = default;
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
                found = item;
                return true;
            }

            if (item.Offset < offset)
                low = middle + 1;
            else
                high = middle - 1;
        }

        return false;
    }

    /// <summary>
    /// Returns the hash of a name, and remembers in a field whether the name contains a template's arguments.
    /// </summary>
    private ulong Hash(in AttributeValue name) => _hashes.Get(_unit, name, out _hasArguments, out _template);

    /// <param name="Kind">The kind of scope.</param>
    /// <param name="FullKey">Hash of its qualified name.</param>
    /// <param name="ShortKey">Hash of the same name without inline namespaces.</param>
    /// <param name="EntryOffset">Offset of the entry of an enumeration or a complete class; 0 for other scopes.</param>
    /// <param name="HasArguments">True when the name of a class contains the arguments of its template.</param>
    private readonly record struct Scope(
        ScopeKind Kind,
        ulong FullKey,
        ulong ShortKey,
        ulong EntryOffset,
        bool HasArguments = true
    );

    private readonly record struct Declared(
        ulong Offset,
        ulong FullKey,
        ulong ShortKey,
        ulong ScopeFullKey,
        ulong ScopeShortKey
    );

    private readonly record struct Pending(AttributeValue Origin, ulong Offset);
}
