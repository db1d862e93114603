using Osprey.Guests.Memory;

namespace Osprey.Session.Answers.Guests.Addresses;

/// <summary>A word of a guest's RAM that points to something.</summary>
/// <param name="Address">Its virtual address; null when it has none.</param>
/// <param name="Physical">Its physical address.</param>
/// <param name="Value">The address that it holds.</param>
/// <param name="Places">What it lies in, the most specific first.</param>
public sealed record ReferenceRow(ulong? Address, ulong Physical, ulong Value, IReadOnlyList<GuestPlace> Places)
{
    /// <summary>The columns.</summary>
    public static Shape<ReferenceRow> Shape { get; } =
        new Shape<ReferenceRow>("references")
            .Address("address", row => row.Address)
            .Address("physical", row => row.Physical)
            .Address("value", row => row.Value)
            .Text("in", row => row.Places.Count > 0 ? row.Places[0].Description : null)
            .OnlyInText()
            .Boolean("free", row => row.IsFree)
            .OnlyInData()
            .Records("places", row => row.Places, () => PlaceShape.Shape)
            .OnlyInData();

    /// <summary>True when it lies in free memory, so that the pointer is a left-over.</summary>
    public bool IsFree => Places.Any(place => place.Kind == GuestPlaceKind.Free);
}
