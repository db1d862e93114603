using System.Diagnostics.CodeAnalysis;
using Osprey.Symbols.Types.Compounds;
using Osprey.Target.Memory;

namespace Osprey.Values;

// The table of virtual functions of a class also has the offsets of its virtual bases, before the functions: at -24
// that of the first virtual base, at -32 that of the next (Itanium C++ ABI, "Virtual Table Components and Order"). At
// -16 is the offset to the start of the complete object, at -8 the type information. Debug info gives the place of a
// virtual base's offset as an expression. It is not evaluated; instead the order is computed: the virtual bases that
// the class shares with its primary base come first, then its own in the order of declaration.

/// <summary>Finds virtual bases and complete objects by the table of virtual functions.</summary>
internal static class VirtualBases
{
    private const ulong FirstOffsetSlot = 24;
    private const ulong OffsetToTopSlot = 16;
    private const ulong SlotSize = 8;
    private const ulong MaxObjectSize = 1 << 30;
    private const int MaxDepth = 64;

    /// <summary>Finds the offset of a virtual base from the start of an object, in bytes.</summary>
    public static bool TryFindOffset(
        Value value,
        BaseClass parent,
        out ulong offset,
        [NotNullWhen(false)] out ValueProblem? problem
    )
    {
        offset = 0;
        if (value.ResolvedType is not CompoundType compound)
        {
            problem = VariableReader.NoLocation;
            return false;
        }

        var order = new List<CompoundType>();
        Collect(value.Space, compound, order, 0, new SearchBudget());
        int index = order.FindIndex(type => TypeFacts.AreSame(type, parent.Type));
        if (index < 0 || !TryReadTable(value, out ulong table, out problem))
        {
            problem = VariableReader.NoLocation;
            return false;
        }

        ulong slot = unchecked(table - FirstOffsetSlot - ((ulong)index * SlotSize));
        if (!value.Space.Memory.TryReadUInt64(slot, out offset))
        {
            problem = ValueProblem.Unreadable(slot);
            return false;
        }

        // The offset is not plausible: the table is damaged, or belongs to an object under construction.
        if (unchecked((long)offset) is < -(long)MaxObjectSize or > (long)MaxObjectSize)
        {
            problem = ValueProblem.NotKnown("the table of virtual functions does not say where its virtual base is");
            return false;
        }

        problem = null;
        return true;
    }

    /// <summary>
    /// Finds the complete object that a value is a part of, by the symbol of its table; null when it is not known.
    /// </summary>
    public static Value? FindWholeObject(Value value)
    {
        const string Prefix = "vtable for ";
        if (
            value.Address is not { } address
            || value.Space.Names is not { } names
            || !TryReadTable(value, out ulong table, out _)
        )
            return null;

        if (names.Find(table) is not { } name || !name.Name.StartsWith(Prefix, StringComparison.Ordinal))
            return null;

        if (
            value.Space.FindType(name.Name[Prefix.Length..]) is not CompoundType whole
            || !value.Space.Memory.TryReadUInt64(unchecked(table - OffsetToTopSlot), out ulong top)
        )
        {
            return null;
        }

        return unchecked((long)top) is <= 0 and > -(long)MaxObjectSize
            ? value.Space.At(whole, unchecked(address + top))
            : null;
    }

    private static bool TryReadTable(Value value, out ulong table, [NotNullWhen(false)] out ValueProblem? problem)
    {
        table = 0;
        Value? pointer = FindTablePointer(value, 0, new SearchBudget());
        problem = pointer is null ? VariableReader.NoLocation : null;
        return pointer is not null && pointer.TryGetUInt64(out table);
    }

    private static Value? FindTablePointer(Value value, int depth, SearchBudget budget)
    {
        if (depth > MaxDepth || value.ResolvedType is not CompoundType compound || !budget.TrySpend())
            return null;

        foreach (Member member in compound.Members)
        {
            if (member.Name?.StartsWith("_vptr", StringComparison.Ordinal) == true)
                return value[member];
        }

        foreach (BaseClass parent in compound.Bases)
        {
            if (
                !parent.IsVirtual
                && parent.Offset is not null
                && FindTablePointer(value.Base(parent), depth + 1, budget) is { } found
            )
                return found;
        }

        return null;
    }

    /// <summary>
    /// Collects the virtual bases in the order of their slots: those of the primary base first, then the class's own.
    /// </summary>
    private static void Collect(
        ValueSpace space,
        CompoundType compound,
        List<CompoundType> order,
        int depth,
        SearchBudget budget
    )
    {
        if (depth > MaxDepth || order.Count > MaxDepth || !budget.TrySpend())
            return;

        foreach (BaseClass parent in compound.Bases)
        {
            if (space.Resolve(parent.Type) is not CompoundType type)
                continue;

            Collect(space, type, order, depth + 1, budget);
            if (parent.IsVirtual && !order.Exists(known => TypeFacts.AreSame(known, type)))
                order.Add(type);
        }
    }
}
