using System.Diagnostics.CodeAnalysis;
using Osprey.Symbols.Types.Compounds;
using Osprey.Target.Memory;

namespace Osprey.Values;

// The table of virtual functions of a class also has the offsets of its virtual bases, before the functions: at -24
// that of the first virtual base, at -32 that of the next (Itanium C++ ABI, "Virtual Table Components and Order"). At
// -16 is the offset to the start of the complete object, at -8 the type information. The pointer to the table is always
// at the start of the object. Debug info gives the place of a virtual base's offset; where it does not, the order is
// computed: the virtual bases that the class shares with its primary base come first, then its own in the order of
// declaration.

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

        if (FindDistance(value.Space, compound, parent) is not { } distance)
        {
            problem = VariableReader.NoLocation;
            return false;
        }

        if (!TryReadTable(value, out ulong table, out problem))
            return false;

        ulong slot = unchecked(table - distance);
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
        if (value.ResolvedType is not CompoundType compound || !HasTable(value.Space, compound, 0, new SearchBudget()))
        {
            problem = VariableReader.NoLocation;
            return false;
        }

        bool isRead = value.At(0, BuiltinTypes.UnsignedLong).TryReadInteger(out Int128 number, out problem);
        table = unchecked((ulong)number);
        return isRead;
    }

    /// <summary>Returns true when the objects of a class have a table of virtual functions or bases.</summary>
    private static bool HasTable(ValueSpace space, CompoundType compound, int depth, SearchBudget budget)
    {
        if (depth > MaxDepth || !budget.TrySpend())
            return false;

        foreach (Member member in compound.Members)
        {
            if (member.Name?.StartsWith("_vptr", StringComparison.Ordinal) == true)
                return true;
        }

        foreach (BaseClass parent in compound.Bases)
        {
            if (
                parent.IsVirtual
                || (space.Resolve(parent.Type) is CompoundType type && HasTable(space, type, depth + 1, budget))
            )
                return true;
        }

        return false;
    }

    private static ulong? FindDistance(ValueSpace space, CompoundType compound, BaseClass parent)
    {
        if (parent.TableDistance is { } known)
            return known;

        var order = new List<CompoundType>();
        Collect(space, compound, order, 0, new SearchBudget());
        int index = order.FindIndex(type => TypeFacts.AreSame(type, parent.Type));
        return index < 0 ? null : FirstOffsetSlot + ((ulong)index * SlotSize);
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
