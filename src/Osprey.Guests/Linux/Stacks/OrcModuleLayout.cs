using Osprey.Symbols.Types;
using Osprey.Symbols.Types.Compounds;

namespace Osprey.Guests.Linux.Stacks;

/// <summary>
/// The members of the kernel's <c>struct module</c> that lead to its table of ORC, by the kernel's types.
/// </summary>
/// <param name="List">Offset of <c>list</c>.</param>
/// <param name="Addresses">Offset of the pointer to the addresses.</param>
/// <param name="Entries">Offset of the pointer to the entries.</param>
/// <param name="Count">Offset of the number of entries.</param>
/// <param name="Code">Offsets of the address and the size of memory that has code.</param>
internal sealed record OrcModuleLayout(
    ulong List,
    ulong Addresses,
    ulong Entries,
    ulong Count,
    IReadOnlyList<(ulong Start, ulong Size)> Code
)
{
    // Kinds of memory that have code, in enum mod_mem_type.
    private const ulong TextKind = 0; // MOD_TEXT
    private const ulong InitTextKind = 4; // MOD_INIT_TEXT

    /// <summary>Reads the layout; null when the types lack it.</summary>
    public static OrcModuleLayout? Find(Func<string, DebugType?> findType)
    {
        var module = findType("struct module")?.Stripped as CompoundType;
        if (
            FindMember(module, "arch") is not { } arch
            || FindMember(arch.Type?.Stripped as CompoundType, "orc_unwind_ip") is not { } addresses
            || FindMember(arch.Type?.Stripped as CompoundType, "orc_unwind") is not { } entries
            || FindMember(arch.Type?.Stripped as CompoundType, "num_orcs") is not { } count
            || FindMember(module, "list") is not { } list
        )
        {
            return null;
        }

        List<(ulong Start, ulong Size)> code = [.. FindCode(module)];
        return code.Count == 0
            ? null
            : new OrcModuleLayout(
                list.Offset,
                unchecked(arch.Offset + addresses.Offset),
                unchecked(arch.Offset + entries.Offset),
                unchecked(arch.Offset + count.Offset),
                code
            );
    }

    private static IEnumerable<(ulong Start, ulong Size)> FindCode(CompoundType? module)
    {
        // Since Linux 6.4 an array with one element for each kind of memory; before, two members.
        if (FindMember(module, "mem") is { Type: { } type } memories && type.Stripped is ArrayType array)
        {
            var element = array.Element?.Stripped as CompoundType;
            if (element?.Size is { } size && FindPlace(element, memories.Offset) is { } first)
            {
                foreach (ulong kind in (ulong[])[TextKind, InitTextKind])
                    yield return (unchecked(first.Start + (kind * size)), unchecked(first.Size + (kind * size)));
            }
        }

        foreach (string name in (string[])["core_layout", "init_layout"])
        {
            if (
                FindMember(module, name) is { } member
                && FindPlace(member.Type?.Stripped as CompoundType, member.Offset) is { } place
            )
                yield return place;
        }
    }

    private static (ulong Start, ulong Size)? FindPlace(CompoundType? type, ulong offset) =>
        FindMember(type, "base") is { } start && FindMember(type, "size") is { } size
            ? (unchecked(offset + start.Offset), unchecked(offset + size.Offset))
            : null;

    private static Member? FindMember(CompoundType? type, string name) =>
        type?.Members.FirstOrDefault(member => member.Name == name);
}
