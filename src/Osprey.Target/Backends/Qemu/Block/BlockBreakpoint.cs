using System.Buffers;

namespace Osprey.Target.Backends.Qemu.Block;

/// <summary>A breakpoint in a blkdebug filter: the next request that comes to its event is suspended.</summary>
/// <param name="Tag">The name that the user gave it.</param>
/// <param name="QemuTag">The name that QEMU knows it by, which no other one ever has.</param>
/// <param name="Event">The event.</param>
/// <param name="Drive">The drive, by its name.</param>
public sealed record BlockBreakpoint(string Tag, string QemuTag, string Event, string Drive)
{
    private const int MaxTagLength = 40;
    private const int NonceLength = 8;
    private static readonly SearchValues<char> s_digits = SearchValues.Create("0123456789abcdef");

    /// <summary>The start of all names that QEMU knows our breakpoints by.</summary>
    internal const string Prefix = "osprey-";

    /// <summary>The longest name that QEMU may know one by, in bytes.</summary>
    internal const int MaxQemuTagLength = 7 + NonceLength + 1 + MaxTagLength;

    /// <summary>Tells whether a text can be a tag: letters, digits, <c>_</c>, <c>-</c> and <c>.</c>.</summary>
    public static bool IsTag(string text) =>
        text.Length is > 0 and <= MaxTagLength && text.All(letter => IsTagLetter(letter));

    /// <summary>Tells whether a character may stand in a tag.</summary>
    internal static bool IsTagLetter(int letter) =>
        letter < 128 && (char.IsAsciiLetterOrDigit((char)letter) || letter is '_' or '-' or '.');

    /// <summary>Creates a breakpoint, with a name for QEMU that nobody else can know.</summary>
    internal static BlockBreakpoint Create(string tag, string eventName, string drive) =>
        new(tag, $"{Prefix}{BlockFilter.CreateNonce()}-{tag}", eventName, drive);

    /// <summary>The user's tag in a name that QEMU knows; null when it is none of ours.</summary>
    internal static string? FindTag(string qemuTag)
    {
        int start = Prefix.Length + NonceLength + 1;
        return
            qemuTag.StartsWith(Prefix, StringComparison.Ordinal)
            && qemuTag.Length > start
            && qemuTag[start - 1] == '-'
            && qemuTag.AsSpan(Prefix.Length, NonceLength).IndexOfAnyExcept(s_digits) < 0
            && IsTag(qemuTag[start..])
            ? qemuTag[start..]
            : null;
    }
}
