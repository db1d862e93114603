using Osprey.Values;

namespace Osprey.Dap.Values;

/// <summary>Something that has parts, which the client asks for in pages: a scope, a struct, a container.</summary>
/// <remarks>Parts are read when they are asked for, and nothing of them is kept here.</remarks>
internal abstract class VariableGroup
{
    /// <summary>The most parts that are given at once where the client does not say how many.</summary>
    public const int MaxPage = 1000;

    /// <summary>The number of parts with names.</summary>
    public abstract int NamedCount { get; }

    /// <summary>The number of parts with indexes; null when only a walk can tell.</summary>
    public virtual long? IndexedCount => 0;

    /// <summary>Lists parts with names.</summary>
    /// <param name="start">The first, from 0.</param>
    /// <param name="count">The most.</param>
    public abstract IEnumerable<ChildValue> ListNamed(int start, int count);

    /// <summary>Lists parts with indexes.</summary>
    /// <param name="start">The first, from 0.</param>
    /// <param name="count">The most.</param>
    public virtual IEnumerable<ChildValue> ListIndexed(long start, int count) => [];

    /// <summary>Finds a part by its name, for a watchpoint; null when there is none.</summary>
    public virtual ChildValue? Find(string name) =>
        ListNamed(0, int.MaxValue).FirstOrDefault(child => child.Name == name)
        ?? (
            name.StartsWith('[') && name.EndsWith(']') && long.TryParse(name.AsSpan(1, name.Length - 2), out long index)
                ? ListIndexed(index, 1).FirstOrDefault()
                : null
        );

    /// <summary>Finds the parts of a value; null when it has none.</summary>
    /// <param name="value">The value.</param>
    /// <param name="expression">An expression for it; null when there is none.</param>
    /// <param name="isRaw">Whether containers are shown as the structs that they are.</param>
    public static VariableGroup? Of(Value value, string? expression, bool isRaw) =>
        ValueParts.Find(value, expression, isRaw);
}
