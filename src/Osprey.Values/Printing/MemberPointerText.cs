using Osprey.Symbols.Types;
using Osprey.Symbols.Types.Compounds;

namespace Osprey.Values.Printing;

/// <summary>Finds the names of the members that pointers to members lead to.</summary>
internal static class MemberPointerText
{
    private const int MaxDepth = 32;

    /// <summary>Finds the data member at an offset, as <c>Class::member</c>; null when there is none.</summary>
    public static string? FindData(ValueSpace space, DebugType? container, ulong offset) =>
        Find(
            space,
            container,
            offset,
            static (compound, at) =>
                compound.Members.FirstOrDefault(member =>
                    member.Offset == at && member is { Bits: null, Name: not null }
                )
                    is { } member
                    ? $"{compound.Name}::{member.Name}"
                    : null,
            0,
            new SearchBudget()
        );

    /// <summary>
    /// Finds the virtual function in a slot of the table of virtual functions; null when debug info does not say.
    /// </summary>
    public static string? FindVirtual(ValueSpace space, DebugType? container, ulong slot) =>
        Find(
            space,
            container,
            0,
            (compound, at) =>
                at == 0 ? compound.Body.VirtualFunctions.FirstOrDefault(function => function.Slot == slot)?.Name : null,
            0,
            new SearchBudget()
        );

    /// <summary>Asks a class, and then its bases with fixed places, for a name.</summary>
    private static string? Find(
        ValueSpace space,
        DebugType? container,
        ulong offset,
        Func<CompoundType, ulong, string?> find,
        int depth,
        SearchBudget budget
    )
    {
        if (depth > MaxDepth || space.Resolve(container) is not CompoundType compound || !budget.TrySpend())
            return null;

        if (find(compound, offset) is { } name)
            return name;

        foreach (BaseClass parent in compound.Bases)
        {
            if (
                parent.Offset is { } start
                && start <= offset
                && Find(space, parent.Type, offset - start, find, depth + 1, budget) is { } inherited
            )
                return inherited;
        }

        return null;
    }
}
