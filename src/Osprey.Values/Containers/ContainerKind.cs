namespace Osprey.Values.Containers;

/// <summary>The kinds of containers with elements.</summary>
public enum ContainerKind
{
    /// <summary>The elements have positions.</summary>
    Sequence,

    /// <summary>The elements are their own keys.</summary>
    Set,

    /// <summary>The elements have keys.</summary>
    Map,

    /// <summary>The elements are objects that live elsewhere, linked by a hook in each of them.</summary>
    Intrusive,
}
