using Osprey.Guests.Memory;

namespace Osprey.Session.Answers.Guests.Heap;

/// <summary>The columns of a list of zones of memory.</summary>
public static class MemoryZoneShape
{
    /// <summary>The columns.</summary>
    public static Shape<GuestMemoryZone> Shape { get; } =
        new Shape<GuestMemoryZone>("zones")
            .Unsigned("node", zone => zone.Node)
            .Text("zone", zone => zone.Name)
            .Size("free", zone => zone.Free)
            .Size("min", zone => zone.Min)
            .Size("low", zone => zone.Low)
            .Size("high", zone => zone.High)
            .Size("managed", zone => zone.Managed)
            .Size("present", zone => zone.Present)
            .Size("spanned", zone => zone.Spanned)
            .Text("state", Describe)
            .Address("address", zone => zone.Address)
            .OnlyInData();

    /// <summary>The condition of a zone in a word or two.</summary>
    private static string Describe(GuestMemoryZone zone) =>
        zone.Managed == 0 ? "empty"
        : zone.Free < zone.Min ? "exhausted: below min"
        : zone.Free < zone.Low ? "short: below low"
        : "";
}
