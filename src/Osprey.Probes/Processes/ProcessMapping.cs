using System.Globalization;

namespace Osprey.Probes.Processes;

/// <summary>A row of <c>/proc/PID/maps</c> for a part of a file.</summary>
/// <param name="Start">Address of the first byte.</param>
/// <param name="End">Address behind the last byte.</param>
/// <param name="IsExecutable">True for code.</param>
/// <param name="FileOffset">Where in the file it begins.</param>
/// <param name="Device">The file's device, as the kernel prints it.</param>
/// <param name="Inode">The file's number on the device.</param>
/// <param name="Path">The file's path in the process's own view.</param>
/// <param name="IsDeleted">True when no file has that path any more.</param>
public sealed record ProcessMapping(
    ulong Start,
    ulong End,
    bool IsExecutable,
    ulong FileOffset,
    string Device,
    ulong Inode,
    string Path,
    bool IsDeleted
)
{
    private const string Deleted = " (deleted)";

    /// <summary>Reads a row; null when it is of no file or is not understood.</summary>
    public static ProcessMapping? Parse(string line)
    {
        // "7f01-7f02 r-xp 00001000 fe:00 1234    /lib/libc.so.6"
        string[] words = line.Split(' ', 6, StringSplitOptions.RemoveEmptyEntries);
        if (words.Length < 6 || !words[5].StartsWith('/') || words[1].Length != 4)
            return null;

        int dash = words[0].IndexOf('-');
        if (
            dash < 0
            || !TryHex(words[0].AsSpan(0, dash), out ulong start)
            || !TryHex(words[0].AsSpan(dash + 1), out ulong end)
            || !TryHex(words[2], out ulong offset)
            || !ulong.TryParse(words[4], NumberStyles.None, CultureInfo.InvariantCulture, out ulong inode)
            || end <= start
        )
            return null;

        // The kernel writes a line break in a path as \012.
        string path = words[5].Replace("\\012", "\n", StringComparison.Ordinal);
        bool isDeleted = path.EndsWith(Deleted, StringComparison.Ordinal);
        return new ProcessMapping(
            start,
            end,
            words[1][2] == 'x',
            offset,
            words[3],
            inode,
            isDeleted ? path[..^Deleted.Length] : path,
            isDeleted
        );
    }

    private static bool TryHex(ReadOnlySpan<char> text, out ulong value) =>
        ulong.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value);
}
