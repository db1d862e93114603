using Osprey.Symbols.Types.Compounds;
using Osprey.Symbols.Types.Entries;

namespace Osprey.Symbols.Types.Btf;

/// <summary>Reads the members of structs and unions of a BTF blob.</summary>
internal sealed class BtfMembers(BtfBlob blob, BtfTypes types)
{
    /// <summary>Most types that are looked at to find out whether a struct contains itself.</summary>
    private const int MaxContainmentVisits = 1_000;

    /// <summary>Deepest nesting of structs of the same size.</summary>
    private const int MaxDepth = 100;

    /// <summary>Reads the content of a struct or union.</summary>
    public CompoundBody Read(BtfRecord record)
    {
        var members = new Member[record.Count];
        for (int i = 0; i < members.Length; i++)
        {
            uint type = record.Read(i, 1);
            uint place = record.Read(i, 2);
            int budget = MaxContainmentVisits;
            if (HoldsItself(record, record.Value, type, ref budget, 0))
                type = 0;

            (ulong offset, MemberBits? bits) = GetPlace(record, type, place);
            members[i] = new Member(blob.GetName(record.Read(i, 0)), () => types.GetObject(type), offset, bits);
        }

        return new CompoundBody(members, [], [], []);
    }

    private (ulong Offset, MemberBits? Bits) GetPlace(BtfRecord record, uint type, uint place)
    {
        uint first = place;
        uint count = 0;
        if (record.Flag)
        {
            // The struct's flag says that the size of a bit field is in the upper byte.
            first = place & 0xff_ffff;
            count = place >> 24;
        }
        else if (
            FindInteger(type) is { } bits
            && (bits.Integer.BitCount != bits.Size * 8 || bits.Integer.BitOffset != 0)
        )
        {
            // Before there was such a flag, a bit field had a type of its own, an integer of so many bits.
            first = unchecked(place + bits.Integer.BitOffset);
            count = bits.Integer.BitCount;
        }

        return count is 0 or > 64 ? (first / 8, null) : (first / 8, new MemberBits((int)(first % 8), (int)count));
    }

    private (BtfInteger Integer, ulong Size)? FindInteger(uint type)
    {
        for (int links = 0; links < DebugEntries.MaxTypeChain; links++)
        {
            BtfRecord record = blob.Get((int)type);
            if (record.Kind == BtfKind.Integer)
                return (record.ReadInteger(), record.Value);

            if (!record.IsLink)
                return null;

            type = record.Value;
        }

        return null;
    }

    /// <summary>
    /// True when a part of a struct is larger than the struct, or contains it: a walk over the parts would then not
    /// end. In such a circle all parts have the same size, or one of them is larger than the struct around it.
    /// </summary>
    private bool HoldsItself(BtfRecord holder, ulong size, uint part, ref int budget, int depth)
    {
        if (FindCompound(part) is not { } inner)
            return false;

        if (inner == holder || budget-- <= 0 || depth > MaxDepth)
            return true;

        if (inner.Value != size)
            return inner.Value > size;

        for (int i = 0; i < inner.Count; i++)
        {
            uint type = inner.Read(i, 1);
            if (HoldsItself(holder, size, type, ref budget, depth + 1))
                return true;
        }

        return false;
    }

    /// <summary>
    /// Finds the struct or union behind typedefs, qualifiers and arrays; null when it is another kind of type, or the
    /// array has no elements and takes no room.
    /// </summary>
    private BtfRecord? FindCompound(uint type)
    {
        for (int links = 0; links < DebugEntries.MaxTypeChain; links++)
        {
            BtfRecord record = blob.Get((int)type);
            if (record.Kind is BtfKind.Struct or BtfKind.Union)
                return record;

            if (record.Kind == BtfKind.Array)
            {
                (type, uint count) = record.ReadArray();
                if (count == 0)
                    return null;
            }
            else if (record.IsLink)
            {
                type = record.Value;
            }
            else
            {
                return null;
            }
        }

        return null;
    }
}
