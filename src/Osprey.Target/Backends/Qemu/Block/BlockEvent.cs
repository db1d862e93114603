namespace Osprey.Target.Backends.Qemu.Block;

/// <summary>
/// A point in the work of a block driver that QEMU's blkdebug filter is told of, and can suspend a request at or fail
/// one from.
/// </summary>
/// <param name="Name">QEMU's name for it, such as "cluster_alloc_space".</param>
/// <param name="Area">The part of the driver's work: "guest data", "L2 tables" and so on.</param>
/// <param name="Meaning">A sentence on when it comes; empty for one that QEMU has and this list does not.</param>
public sealed record BlockEvent(string Name, string Area, string Meaning);
