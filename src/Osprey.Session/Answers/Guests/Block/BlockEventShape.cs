using Osprey.Target.Backends.Qemu.Block;

namespace Osprey.Session.Answers.Guests.Block;

/// <summary>The columns of a list of block drivers' events.</summary>
public static class BlockEventShape
{
    /// <summary>The columns.</summary>
    public static Shape<BlockEvent> Shape { get; } =
        new Shape<BlockEvent>("events")
            .Text("event", item => item.Name)
            .Text("area", item => item.Area)
            .Text("meaning", item => item.Meaning);
}
