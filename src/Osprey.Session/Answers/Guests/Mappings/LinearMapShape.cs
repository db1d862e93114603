using Osprey.Guests.Memory;

namespace Osprey.Session.Answers.Guests.Mappings;

/// <summary>The columns of a list of linear maps.</summary>
public static class LinearMapShape
{
    /// <summary>The columns.</summary>
    public static Shape<GuestLinearMap> Shape { get; } =
        new Shape<GuestLinearMap>("linearMaps")
            .Address("virtual", map => map.Start)
            .Address("physical", map => map.Physical)
            .Size("size", map => map.Size)
            .Text("kind", map => map.Kind)
            .Text("name", map => map.Name);
}
