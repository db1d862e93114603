namespace Osprey.Guests.Linux.Files;

/// <summary>The flags that files are opened with, in words (include/uapi/asm-generic/fcntl.h).</summary>
internal static class LinuxFileFlags
{
    /// <summary>Exec closes it (O_CLOEXEC).</summary>
    public const ulong CloseOnExec = 0x8_0000;

    private const ulong AccessMask = 3; // O_ACCMODE
    private const ulong PathOnly = 0x20_0000; // O_PATH

    private static readonly (ulong Bits, string Name)[] s_names =
    [
        (0x400, "append"),
        (0x800, "nonblock"),
        (0x10_1000, "sync"), // __O_SYNC with O_DSYNC
        (0x1000, "dsync"),
        (0x2000, "async"),
        (0x4000, "direct"),
        (0x8000, "large"),
        (0x1_0000, "directory"),
        (0x2_0000, "nofollow"),
        (0x4_0000, "noatime"),
        (CloseOnExec, "cloexec"),
        (0x40_0000, "tmpfile"),
    ];

    /// <summary>Tells what the file can be used for: "r", "w", "rw" or "path".</summary>
    public static string DescribeMode(ulong flags) =>
        (flags & PathOnly) != 0
            ? "path"
            : (flags & AccessMask) switch
            {
                0 => "r",
                1 => "w",
                2 => "rw",
                _ => "-",
            };

    /// <summary>Names the other flags.</summary>
    public static IReadOnlyList<string> List(ulong flags)
    {
        var names = new List<string>();
        foreach ((ulong bits, string name) in s_names)
        {
            if ((flags & bits) != bits)
                continue;

            names.Add(name);
            flags &= ~bits;
        }

        return names;
    }
}
