namespace Osprey.Values.Expressions;

/// <summary>The ways in which the Linux kernel keeps pointers by number.</summary>
public enum PointerTreeKind
{
    /// <summary><c>struct xarray</c>, or the radix tree that it was.</summary>
    XArray,

    /// <summary><c>struct maple_tree</c>, by ranges of numbers.</summary>
    MapleTree,
}
