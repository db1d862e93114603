using Osprey.Symbols.Types;
using Osprey.Symbols.Types.Compounds;
using Osprey.Values;

namespace Osprey.Dap.Values;

/// <summary>The bases and members of a struct, class or union.</summary>
/// <param name="value">The struct.</param>
/// <param name="type">Its type.</param>
/// <param name="prefix">What stands before a member's name in an expression; null when there is none.</param>
internal sealed class StructParts(Value value, CompoundType type, string? prefix) : VariableGroup
{
    /// <inheritdoc/>
    public override int NamedCount => type.Bases.Count + type.Members.Count;

    /// <inheritdoc/>
    public override IEnumerable<ChildValue> ListNamed(int start, int count)
    {
        int end = (int)Math.Min((long)start + count, NamedCount);
        for (int i = start; i < end; i++)
        {
            if (i < type.Bases.Count)
            {
                BaseClass parent = type.Bases[i];
                yield return new ChildValue(TypeNames.Spell(parent.Type), value.Base(parent));
                continue;
            }

            Member member = type.Members[i - type.Bases.Count];
            yield return new ChildValue(member.Name ?? "(anonymous)", value[member])
            {
                Expression = prefix is not null && member.Name is not null ? prefix + member.Name : null,
            };
        }
    }
}
