namespace Osprey.Packets.Link;

/// <summary>What a frame's own checksums and lengths say of its bytes.</summary>
public enum FrameVerdict
{
    /// <summary>A checksum over all that the frame carries is right.</summary>
    Verified,

    /// <summary>Its lengths are right, but no checksum covers all that it carries.</summary>
    Unverifiable,

    /// <summary>A length or a checksum is wrong.</summary>
    Damaged,
}
