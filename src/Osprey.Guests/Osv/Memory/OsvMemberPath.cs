using System.Globalization;
using Osprey.Symbols.Types;
using Osprey.Symbols.Types.Compounds;
using Osprey.Values;

namespace Osprey.Guests.Osv.Memory;

/// <summary>Finds the member of a struct that lies at an offset.</summary>
internal static class OsvMemberPath
{
    private const int MaxDepth = 8;

    /// <summary>
    /// Names the innermost member at an offset with the distance from its start, such as "_arch.exception_stack+0x40";
    /// null when no member is there.
    /// </summary>
    public static string? Find(ValueSpace space, DebugType? type, ulong offset)
    {
        var names = new List<string>();
        for (int depth = 0; depth < MaxDepth && space.Resolve(type) is CompoundType compound; depth++)
        {
            if (FindMember(space, compound, offset, 0) is not { } found)
                break;

            offset = found.Offset;
            type = found.Member.Type;
            if (found.Member.Name is { } name)
                names.Add(name);
        }

        if (names.Count == 0)
            return null;

        string path = string.Join('.', names);
        return offset == 0 ? path : string.Create(CultureInfo.InvariantCulture, $"{path}+0x{offset:x}");
    }

    private static (Member Member, ulong Offset)? FindMember(
        ValueSpace space,
        CompoundType type,
        ulong offset,
        int depth
    )
    {
        foreach (Member member in type.Members)
        {
            if (offset >= member.Offset && offset - member.Offset < (space.GetSize(member.Type) ?? 0))
                return (member, offset - member.Offset);
        }

        foreach (BaseClass parent in type.Bases)
        {
            if (
                depth < MaxDepth
                && parent.Offset is { } start
                && offset >= start
                && space.Resolve(parent.Type) is CompoundType inherited
                && FindMember(space, inherited, offset - start, depth + 1) is { } found
            )
                return found;
        }

        return null;
    }
}
