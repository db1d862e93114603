namespace Osprey.Guests.Osv;

/// <summary>
/// The first line that OSv's kernel prints: "OSv ", the version that git gave when it was built, and a line end.
/// </summary>
/// <remarks>
/// Built in a clone with tags the version is that of <c>git describe</c>, such as "v0.57.0-398-g0e34e4dc". Built from
/// an archive, or in a clone or fork without OSv's tags, it is empty; a fork may put any other text there. Other texts
/// of the kernel begin with the same word ("OSv options:"), so a version that does not look like one of git's counts
/// only where the banner is a whole C string of one line.
/// </remarks>
internal static class OsvBanner
{
    /// <summary>Longest version that is believed.</summary>
    private const int MaxVersion = 128;

    /// <summary>The bytes that a banner begins with.</summary>
    public static ReadOnlySpan<byte> Start => "OSv "u8;

    /// <summary>Reads the version out of a banner.</summary>
    /// <param name="before">The byte before <see cref="Start"/>.</param>
    /// <param name="after">The bytes behind it.</param>
    /// <returns>The version, which may be empty; null when this is another text.</returns>
    public static string? TryReadVersion(byte before, ReadOnlySpan<byte> after)
    {
        string line = KernelImageText.GetText(after);
        if (line is ['v', >= '0' and <= '9', ..])
            return line.Split(' ')[0];

        bool isWhole = before == 0 && after[line.Length..].StartsWith("\n\0"u8);
        return isWhole && line.Length <= MaxVersion && !line.EndsWith(':') ? line.Trim() : null;
    }
}
