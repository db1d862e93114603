using Osprey.Guests.Memory;

namespace Osprey.Session.Answers.Guests.Addresses;

/// <summary>The columns of a list of things that an address belongs to.</summary>
public static class PlaceShape
{
    /// <summary>The columns.</summary>
    public static Shape<GuestPlace> Shape { get; } =
        new Shape<GuestPlace>("places")
            .Text("kind", place => ToWord(place.Kind))
            .Text("description", place => place.Description)
            .Address("start", place => place.Start)
            .Size("size", place => place.Size);

    private static string ToWord(GuestPlaceKind kind)
    {
        string name = kind.ToString();
        return char.ToLowerInvariant(name[0]) + name[1..];
    }
}
