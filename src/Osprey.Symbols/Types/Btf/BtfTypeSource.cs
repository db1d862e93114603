using Osprey.Binary;
using Osprey.Symbols.Types.Compounds;
using Osprey.Symbols.Types.Names;
using Osprey.Symbols.Types.Variables;

namespace Osprey.Symbols.Types.Btf;

/// <summary>
/// Finds types by name in a BTF blob: the description of its own types that a Linux kernel has with it, in its ELF file
/// and in memory.
/// </summary>
/// <remarks>
/// <para>Thread-safe. The blob is checked whole when it is read, so that no question fails later.</para>
/// <para>
/// BTF says less than DWARF: no places of variables, no lines, no locals. Of variables it has only those of its
/// sections, in most kernels the per-CPU ones. Addresses come from the symbols; without them a variable has a type but
/// no place, and a function is not found.
/// </para>
/// </remarks>
public sealed class BtfTypeSource : ITypeSource
{
    /// <summary>Most pointers to functions that are nested in the spelling of a type.</summary>
    private const int MaxNesting = 16;

    private readonly BtfBlob _blob;
    private readonly BtfTypeSource? _base;
    private readonly BtfTypes _types;
    private readonly BtfNames _names;
    private readonly Func<string, ulong?>? _findSymbol;

    private BtfTypeSource(BtfBlob blob, BtfTypeSource? baseSource, Func<string, ulong?>? findSymbol)
    {
        (_blob, _base, _findSymbol) = (blob, baseSource, findSymbol);
        _names = new BtfNames(blob);
        _types = new BtfTypes(blob, baseSource?._types, FindDefinition);
    }

    /// <summary>The number of types, with those of the base.</summary>
    public int TypeCount => _blob.EndType - 1;

    /// <summary>Size of the blob in bytes.</summary>
    public int Size => _blob.Size;

    /// <inheritdoc/>
    public bool IsC => true;

    /// <summary>Reads a blob.</summary>
    /// <param name="data">Its bytes, which are kept; more may follow.</param>
    /// <param name="source">Its name, for errors.</param>
    /// <param name="baseSource">The types of the kernel, for the blob of a module; null for the kernel's own.</param>
    /// <param name="findSymbol">
    /// Gives the link-time address of a symbol, null when there is none; null when there are no symbols.
    /// </param>
    /// <param name="limits">Limits; null for the default ones.</param>
    /// <exception cref="BadDataException">It is malformed, or it is a module's and the kernel's is missing.</exception>
    public static BtfTypeSource Read(
        ReadOnlyMemory<byte> data,
        string source,
        BtfTypeSource? baseSource = null,
        Func<string, ulong?>? findSymbol = null,
        ParseLimits? limits = null
    ) => new(BtfBlob.Parse(data, source, baseSource?._blob, limits), baseSource, findSymbol);

    /// <inheritdoc/>
    public DebugType? FindType(string name) => FindType(name, MaxNesting);

    /// <inheritdoc/>
    public DebugVariable? FindVariable(string name)
    {
        foreach (int number in _names.Variables.Find(name))
        {
            BtfRecord record = _blob.Get(number);
            return new DebugVariable(
                _blob.GetName(record.NameOffset)!,
                () => _types.GetLink(record.Value),
                _findSymbol?.Invoke(name) is { } address
                    ? new VariableLocation.Static(address)
                    : VariableLocation.None.Instance
            );
        }

        return _base?.FindVariable(name);
    }

    /// <inheritdoc/>
    public (EnumType Type, Enumerator Enumerator)? FindEnumerator(string name)
    {
        if (NamePath.Split(name.Trim()) is not { } parts)
            return null;

        if (parts.Count > 1)
        {
            string scope = string.Join("::", parts.GetRange(0, parts.Count - 1));
            return FindType(scope)?.Stripped is EnumType scoped ? Find(scoped, parts[^1]) : null;
        }

        foreach (int number in _names.Enumerators.Find(parts[0]))
        {
            if (_types.Get((uint)number) is EnumType type && Find(type, parts[0]) is { } found)
                return found;
        }

        return _base?.FindEnumerator(name);
    }

    /// <inheritdoc/>
    public DebugFunction? FindFunction(string name)
    {
        foreach (int number in _names.Functions.Find(name))
        {
            BtfRecord record = _blob.Get(number);
            if (_types.Get((uint)number) is FunctionType type && _findSymbol?.Invoke(name) is { } address)
                return new DebugFunction(_blob.GetName(record.NameOffset)!, address, type);
        }

        return _base?.FindFunction(name);
    }

    /// <inheritdoc/>
    public IReadOnlyList<DebugScope> FindScopes(ulong linkAddress) => [];

    private static (EnumType Type, Enumerator Enumerator)? Find(EnumType type, string name)
    {
        foreach (Enumerator item in type.Enumerators)
        {
            if (item.Name == name)
                return (type, item);
        }

        return null;
    }

    private DebugType? FindType(string name, int nesting) =>
        name.Length > ParseLimits.Default.MaxNameLength
            ? null
            : new SpelledType(FindNamed, inner => FindType(inner, nesting - 1), BtfTypes.AddressSize).Find(
                name,
                nesting > 0
            );

    private DebugType? FindNamed(string name, string? keyword)
    {
        if (NamePath.Split(name) is not [string single])
            return null;

        (DebugType? found, bool isDeclaration) = FindBest(single, keyword);
        return found is null || isDeclaration ? _base?.FindNamed(single, keyword) ?? found : found;
    }

    /// <summary>Finds the definition of a struct or union that is declared.</summary>
    private DebugType? FindDefinition(string keyword, string name)
    {
        foreach (int number in _names.Types.Find(name))
        {
            BtfKind kind = _blob.Get(number).Kind;
            if (kind is BtfKind.Struct or BtfKind.Union && Fits(_blob.Get(number), keyword))
                return _types.Get((uint)number);
        }

        return _base?.FindDefinition(keyword, name);
    }

    private (DebugType? Type, bool IsDeclaration) FindBest(string name, string? keyword)
    {
        int best = 0;
        int bestRank = int.MaxValue;
        foreach (int number in _names.Types.Find(name))
        {
            BtfRecord record = _blob.Get(number);
            if (keyword is not null && !Fits(record, keyword))
                continue;

            // In C, "foo" is a typedef where there is one, and "struct foo" is another type.
            int rank = record.Kind switch
            {
                BtfKind.Typedef or BtfKind.Integer or BtfKind.Float => 0,
                BtfKind.Forward => 2,
                _ => 1,
            };
            if (rank < bestRank)
                (best, bestRank) = (number, rank);
        }

        return best == 0 ? (null, false) : (_types.Get((uint)best), bestRank == 2);
    }

    private static bool Fits(BtfRecord record, string keyword) =>
        keyword switch
        {
            "struct" or "class" => record.Kind == BtfKind.Struct || record is { Kind: BtfKind.Forward, Flag: false },
            "union" => record.Kind == BtfKind.Union || record is { Kind: BtfKind.Forward, Flag: true },
            _ => record.Kind is BtfKind.Enum or BtfKind.Enum64,
        };
}
