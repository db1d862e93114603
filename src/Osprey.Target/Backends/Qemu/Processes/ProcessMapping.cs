using System.Globalization;

namespace Osprey.Target.Backends.Qemu.Processes;

/// <summary>One row of /proc/PID/maps.</summary>
/// <param name="Start">The first byte, an address in that process.</param>
/// <param name="End">The first behind it.</param>
/// <param name="IsWritable">Whether the process may write it.</param>
/// <param name="IsShared">Whether what is written goes to the file.</param>
/// <param name="FileOffset">Bytes from the start of the file.</param>
/// <param name="Device">The file's device, as "major:minor" in hexadecimal.</param>
/// <param name="Inode">The file's number on its device; 0 for anonymous memory.</param>
/// <param name="Path">
/// The file's name, with " (deleted)" behind it when it has none any more; empty for anonymous memory.
/// </param>
internal sealed record ProcessMapping(
    ulong Start,
    ulong End,
    bool IsWritable,
    bool IsShared,
    long FileOffset,
    string Device,
    ulong Inode,
    string Path
)
{
    /// <summary>Whether the process may read it.</summary>
    public bool IsReadable { get; init; }

    /// <summary>Whether the process may execute it.</summary>
    public bool IsExecutable { get; init; }

    private const int MaxRows = 1_000_000;

    /// <summary>All of a process, lowest address first.</summary>
    /// <exception cref="IOException">It ended, or can't be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It is not for this user to see.</exception>
    public static IReadOnlyList<ProcessMapping> ReadAll(int processId) =>
        [.. File.ReadLines($"/proc/{processId}/maps").Take(MaxRows).Select(TryParse).OfType<ProcessMapping>()];

    /// <summary>Reads one row; null when it is none.</summary>
    internal static ProcessMapping? TryParse(string row)
    {
        string[] fields = row.Split(' ', 6, StringSplitOptions.RemoveEmptyEntries);
        int dash = fields.Length < 5 ? -1 : fields[0].IndexOf('-', StringComparison.Ordinal);
        if (
            dash < 0
            || fields[1].Length < 4
            || !TryParseHex(fields[0].AsSpan(0, dash), out ulong start)
            || !TryParseHex(fields[0].AsSpan(dash + 1), out ulong end)
            || end < start
            || !TryParseHex(fields[2], out ulong offset)
            || offset > long.MaxValue
            || !ulong.TryParse(fields[4], NumberStyles.None, CultureInfo.InvariantCulture, out ulong inode)
        )
        {
            return null;
        }

        return new ProcessMapping(
            start,
            end,
            fields[1][1] == 'w',
            fields[1][3] == 's',
            (long)offset,
            fields[3],
            inode,
            fields.Length > 5 ? fields[5].Trim() : ""
        )
        {
            IsReadable = fields[1][0] == 'r',
            IsExecutable = fields[1][2] == 'x',
        };
    }

    private static bool TryParseHex(ReadOnlySpan<char> text, out ulong value) =>
        ulong.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value);
}
