namespace Osprey.Session.Answers.Guests.Mappings;

/// <summary>An address, and the mapping that it is in.</summary>
/// <param name="Address">The address.</param>
/// <param name="Row">The mapping.</param>
public sealed record AddressMappingRow(ulong Address, MappingRow Row)
{
    /// <summary>The columns.</summary>
    public static Shape<AddressMappingRow> Shape { get; } =
        new Shape<AddressMappingRow>("mappings")
            .Address("address", row => row.Address)
            .Include(row => row.Row, MappingRow.Shape);
}
