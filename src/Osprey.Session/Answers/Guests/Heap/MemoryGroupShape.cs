using Osprey.Guests.Memory;

namespace Osprey.Session.Answers.Guests.Heap;

/// <summary>The columns of a list of groups of processes with the memory that they use.</summary>
public static class MemoryGroupShape
{
    /// <summary>The columns.</summary>
    public static Shape<GuestMemoryGroup> Shape { get; } =
        new Shape<GuestMemoryGroup>("groups")
            .Text("group", group => group.Path)
            .Size("usage", group => group.Usage)
            .Size("limit", group => group.Limit)
            .Size("swap", group => group.Swap)
            .Text("state", group => group.IsDying ? "removed" : "")
            .Address("address", group => group.Address)
            .OnlyInData();
}
