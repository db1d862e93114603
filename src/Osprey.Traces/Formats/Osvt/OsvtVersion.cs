using Osprey.Binary;

namespace Osprey.Traces.Formats.Osvt;

/// <summary>The version of a dump's format.</summary>
public readonly record struct OsvtVersion(int Major, int Minor)
{
    /// <summary>Reads it from a dump's first bytes.</summary>
    /// <returns>Null when they are not those of a dump.</returns>
    public static OsvtVersion? TryRead(ReadOnlySpan<byte> head)
    {
        const int VersionOffset = 20;
        if (!head.StartsWith("TVSO"u8) || head.Length < VersionOffset + sizeof(uint))
            return null;

        uint version = new ByteReader(head[VersionOffset..], "version").ReadUInt32();
        return new OsvtVersion((int)(version >> 16), (int)(version & 0xffff));
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Major}.{Minor}";
}
