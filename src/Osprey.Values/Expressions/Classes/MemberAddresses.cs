using Osprey.Symbols.Types;
using Osprey.Symbols.Types.Compounds;

namespace Osprey.Values.Expressions.Classes;

/// <summary>Makes pointers to data members: <c>&amp;Class::member</c>.</summary>
internal static class MemberAddresses
{
    private const int MaxDepth = 32;

    /// <summary>Makes the pointer to a member of a class or of its bases; null when there is no such member.</summary>
    /// <exception cref="ExpressionException">The member is a bit field.</exception>
    public static Value? Find(ValueSpace space, DebugType type, string name, int position) =>
        space.Resolve(type) is CompoundType compound
            ? Find(space, compound, compound, 0, name, position, 0, new SearchBudget())
            : null;

    private static Value? Find(
        ValueSpace space,
        CompoundType holder,
        CompoundType part,
        ulong start,
        string name,
        int position,
        int depth,
        SearchBudget budget
    )
    {
        if (depth > MaxDepth || !budget.TrySpend())
            return null;

        foreach (Member member in part.Members)
        {
            ulong offset = unchecked(start + member.Offset);
            if (member.Name == name)
            {
                return member.Bits is null
                    ? space.FromInteger(MakeType(holder, member.Type), offset)
                    : throw new ExpressionException("Attempt to take address of a bit field.", position);
            }

            // The members of an anonymous part are those of the class around it.
            if (
                member.Name is null
                && space.Resolve(member.Type) is CompoundType inner
                && Find(space, holder, inner, offset, name, position, depth + 1, budget) is { } found
            )
                return found;
        }

        if (!ReferenceEquals(holder, part))
            return null;

        foreach (BaseClass parent in holder.Bases)
        {
            if (
                space.Resolve(parent.Type) is CompoundType type
                && Find(space, type, type, 0, name, position, depth + 1, budget) is { } inherited
            )
                return inherited;
        }

        return null;
    }

    private static PointerType MakeType(CompoundType holder, DebugType target) =>
        new(PointerKind.MemberPointer, () => target, sizeof(ulong), () => holder);
}
