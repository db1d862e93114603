namespace Osprey.Symbols.Types.Btf;

/// <summary>The names in a BTF blob, by what they name; each index is built when it is first asked for.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class BtfNames
{
    private readonly Lazy<BtfNameIndex> _types;
    private readonly Lazy<BtfNameIndex> _functions;
    private readonly Lazy<BtfNameIndex> _variables;
    private readonly Lazy<BtfNameIndex> _enumerators;
    private readonly BtfBlob _blob;

    /// <summary>The names of a blob, without those of its base.</summary>
    public BtfNames(BtfBlob blob)
    {
        _blob = blob;
        _types = new(() =>
            Build(kind =>
                kind
                    is BtfKind.Integer
                        or BtfKind.Float
                        or BtfKind.Struct
                        or BtfKind.Union
                        or BtfKind.Enum
                        or BtfKind.Enum64
                        or BtfKind.Forward
                        or BtfKind.Typedef
            )
        );
        _functions = new(() => Build(kind => kind == BtfKind.Function));
        _variables = new(() => Build(kind => kind == BtfKind.Variable));
        _enumerators = new(BuildEnumerators);
    }

    /// <summary>Types, those that are only declared included.</summary>
    public BtfNameIndex Types => _types.Value;

    /// <summary>Functions.</summary>
    public BtfNameIndex Functions => _functions.Value;

    /// <summary>Variables.</summary>
    public BtfNameIndex Variables => _variables.Value;

    /// <summary>Names of enumerations; each leads to its enumeration.</summary>
    public BtfNameIndex Enumerators => _enumerators.Value;

    private BtfNameIndex Build(Func<BtfKind, bool> isWanted)
    {
        var index = new BtfNameIndex((_blob.EndType - _blob.FirstType) / 4);
        for (int number = _blob.FirstType; number < _blob.EndType; number++)
        {
            BtfRecord record = _blob.Get(number);
            if (isWanted(record.Kind) && _blob.GetNameBytes(record.NameOffset) is { Length: > 0 } name)
                index.Add(name, number);
        }

        index.Complete();
        return index;
    }

    private BtfNameIndex BuildEnumerators()
    {
        var index = new BtfNameIndex(0);
        for (int number = _blob.FirstType; number < _blob.EndType; number++)
        {
            BtfRecord record = _blob.Get(number);
            if (record.Kind is not (BtfKind.Enum or BtfKind.Enum64))
                continue;

            for (int i = 0; i < record.Count; i++)
                index.Add(_blob.GetNameBytes(record.Read(i, 0)), number);
        }

        index.Complete();
        return index;
    }
}
