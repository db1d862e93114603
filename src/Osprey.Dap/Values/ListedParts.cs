namespace Osprey.Dap.Values;

/// <summary>Parts that are known one by one.</summary>
internal sealed class ListedParts(IReadOnlyList<ChildValue> parts) : VariableGroup
{
    /// <inheritdoc/>
    public override int NamedCount => parts.Count;

    /// <inheritdoc/>
    public override IEnumerable<ChildValue> ListNamed(int start, int count) => parts.Skip(start).Take(count);
}
