namespace Osprey.Symbols.Types.Compounds;

/// <summary>A struct, class or union. Its content is read when it is first asked for.</summary>
/// <param name="kind">The kind.</param>
/// <param name="name">The qualified name; null when it has none.</param>
/// <param name="size">The size in bytes; null when the type is only declared in the whole file.</param>
/// <param name="body">Reads the content; called once, when it is needed.</param>
/// <param name="isTag">True when the name is a tag, as in C.</param>
public sealed class CompoundType(
    CompoundKind kind,
    string? name,
    ulong? size,
    Func<CompoundBody> body,
    bool isTag = false
) : DebugType
{
    private readonly Lazy<CompoundBody> _body = new(body);

    /// <summary>The kind: struct, class or union.</summary>
    public CompoundKind Kind => kind;

    /// <inheritdoc/>
    public override string? Name => name;

    /// <summary>True when the name is a tag, as in C: it names the type only with the keyword before it.</summary>
    public bool IsTag => isTag && name is not null;

    /// <summary>The keyword that declares it: <c>struct</c>, <c>class</c> or <c>union</c>.</summary>
    public string Keyword =>
        kind switch
        {
            CompoundKind.Union => "union",
            CompoundKind.Class => "class",
            _ => "struct",
        };

    /// <inheritdoc/>
    public override ulong? Size => size;

    /// <summary>True when the file only declares the type: no unit has its content.</summary>
    public bool IsDeclaration => size is null;

    /// <summary>The type's content.</summary>
    public CompoundBody Body => _body.Value;

    /// <summary>The data members in the order of the source, without those of bases.</summary>
    public IReadOnlyList<Member> Members => Body.Members;

    /// <summary>The direct bases.</summary>
    public IReadOnlyList<BaseClass> Bases => Body.Bases;
}
