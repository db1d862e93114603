namespace Osprey.Target.Memory;

/// <summary>The reason why a string that was read from a guest ends.</summary>
public enum GuestTextEnd
{
    /// <summary>There is its NUL.</summary>
    Terminated,

    /// <summary>It goes on over the most bytes that were asked for.</summary>
    Truncated,

    /// <summary>The byte behind can't be read.</summary>
    Unreadable,
}
