namespace Osprey.Symbols.Types.Compounds;

/// <summary>A struct, class or union. What is in it is read when it is first asked for.</summary>
/// <param name="kind">Which of these.</param>
/// <param name="name">Its qualified name; null when it has none.</param>
/// <param name="size">Its size in bytes; null when it is only declared anywhere in the file.</param>
/// <param name="body">Reads what is in it.</param>
/// <param name="isTag">Whether its name is a tag, as in C.</param>
public sealed class CompoundType(
    CompoundKind kind,
    string? name,
    ulong? size,
    Func<CompoundBody> body,
    bool isTag = false
) : DebugType
{
    private readonly Lazy<CompoundBody> _body = new(body);

    /// <summary>Which of these.</summary>
    public CompoundKind Kind => kind;

    /// <inheritdoc/>
    public override string? Name => name;

    /// <summary>Whether its name is a tag, as in C: a type's name only with the keyword before it.</summary>
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

    /// <summary>Whether no unit of the file holds more of it than its name.</summary>
    public bool IsDeclaration => size is null;

    /// <summary>What is in it.</summary>
    public CompoundBody Body => _body.Value;

    /// <summary>Its data members in the order of the source; not those of its bases.</summary>
    public IReadOnlyList<Member> Members => Body.Members;

    /// <summary>Its direct bases.</summary>
    public IReadOnlyList<BaseClass> Bases => Body.Bases;
}
