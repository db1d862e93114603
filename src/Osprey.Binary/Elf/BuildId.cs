namespace Osprey.Binary.Elf;

/// <summary>
/// The number that a linker gives to what it built (<c>NT_GNU_BUILD_ID</c>). A program and its debug file have the same
/// one.
/// </summary>
public readonly struct BuildId : IEquatable<BuildId>
{
    private readonly string? _hex;

    /// <summary>Creates a build-id of its bytes.</summary>
    /// <param name="bytes">The number's bytes, 20 for the usual SHA-1.</param>
    public BuildId(ReadOnlySpan<byte> bytes) => _hex = Convert.ToHexStringLower(bytes);

    /// <summary>True when there is no build-id.</summary>
    public bool IsEmpty => string.IsNullOrEmpty(_hex);

    /// <summary>True when both have the same bytes.</summary>
    public static bool operator ==(BuildId left, BuildId right) => left.Equals(right);

    /// <summary>True when the two differ.</summary>
    public static bool operator !=(BuildId left, BuildId right) => !left.Equals(right);

    /// <inheritdoc/>
    public bool Equals(BuildId other) => string.Equals(ToString(), other.ToString(), StringComparison.Ordinal);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is BuildId other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => ToString().GetHashCode(StringComparison.Ordinal);

    /// <summary>The number in lower-case hexadecimal; empty when there is none.</summary>
    public override string ToString() => _hex ?? "";
}
