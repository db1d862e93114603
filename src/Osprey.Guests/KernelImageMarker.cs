namespace Osprey.Guests;

/// <summary>Bytes to look for in a kernel's image, and the test that a place of them must pass.</summary>
/// <param name="bytes">The bytes.</param>
/// <param name="accept">Accepts or refuses a place; null accepts the first.</param>
internal sealed class KernelImageMarker(byte[] bytes, KernelImageMarker.Acceptor? accept = null)
{
    /// <summary>The bytes.</summary>
    public byte[] Bytes { get; } = bytes;

    /// <summary>True once a place was accepted.</summary>
    public bool IsFound { get; private set; }

    /// <summary>Tests one place.</summary>
    /// <param name="before">The byte before the marker; 0 at the image's start.</param>
    /// <param name="after">The bytes behind the marker, as far as they are read.</param>
    public bool Offer(byte before, ReadOnlySpan<byte> after) => IsFound = accept is null || accept(before, after);

    /// <summary>Accepts or refuses a place by what is around it.</summary>
    internal delegate bool Acceptor(byte before, ReadOnlySpan<byte> after);
}
