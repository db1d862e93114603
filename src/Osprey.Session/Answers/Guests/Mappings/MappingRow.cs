using Osprey.Guests.Memory;
using Osprey.Session.Answers.Guests.Memory;

namespace Osprey.Session.Answers.Guests.Mappings;

/// <summary>A mapping of a guest, and how much of it is in memory.</summary>
/// <param name="Mapping">The mapping.</param>
/// <param name="Resident">The bytes that have pages; null when no page tables are known.</param>
public sealed record MappingRow(GuestMapping Mapping, ulong? Resident)
{
    /// <summary>The columns.</summary>
    public static Shape<MappingRow> Shape { get; } =
        new Shape<MappingRow>("mappings")
            .Address("start", row => row.Mapping.Start)
            .Address("end", row => row.Mapping.End)
            .Size("size", row => row.Mapping.Size)
            .Size("resident", row => row.Resident)
            .Text("flags", row => row.Mapping.FlagLetters is { Length: > 0 } letters ? letters : "none")
            .OnlyInText()
            .Text("permissions", row => FormatPermissions(row.Mapping))
            .Headed("PERM")
            .Texts("flags", row => row.Mapping.Flags)
            .OnlyInData()
            .Address("offset", row => row.Mapping.Offset)
            .Text("path", row => row.Mapping.Path)
            .Address("object", row => row.Mapping.Address)
            .OnlyInData();

    /// <summary>Without the last letter, for user mode: that is of pages only.</summary>
    private static string FormatPermissions(GuestMapping mapping) => PermissionText.Format(mapping.Permissions)[..3];
}
