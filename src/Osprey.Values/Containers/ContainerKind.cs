namespace Osprey.Values.Containers;

/// <summary>Kinds of containers with elements.</summary>
public enum ContainerKind
{
    /// <summary>Elements have positions.</summary>
    Sequence,

    /// <summary>Elements are their own keys.</summary>
    Set,

    /// <summary>Elements have keys.</summary>
    Map,

    /// <summary>Elements are objects that live elsewhere and are linked by a hook in them.</summary>
    Intrusive,
}
