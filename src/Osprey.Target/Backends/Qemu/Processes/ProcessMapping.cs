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
    public static IReadOnlyList<ProcessMapping> ReadAll(int processId)
    {
        var rows = new List<ProcessMapping>();
        foreach (string row in File.ReadLines($"/proc/{processId}/maps"))
        {
            if (rows.Count == MaxRows)
                break;

            if (TryParse(row) is { } mapping)
                rows.Add(mapping);
        }

        return rows;
    }

    /// <summary>Reads one row; null when it is none.</summary>
    internal static ProcessMapping? TryParse(ReadOnlySpan<char> row)
    {
        // Hundreds of rows at each start: a string only for what is kept.
        ReadOnlySpan<char> addresses = TakeField(ref row);
        ReadOnlySpan<char> access = TakeField(ref row);
        ReadOnlySpan<char> place = TakeField(ref row);
        ReadOnlySpan<char> device = TakeField(ref row);
        ReadOnlySpan<char> file = TakeField(ref row);
        int dash = addresses.IndexOf('-');
        if (
            dash < 0
            || access.Length < 4
            || !TryParseHex(addresses[..dash], out ulong start)
            || !TryParseHex(addresses[(dash + 1)..], out ulong end)
            || end < start
            || !TryParseHex(place, out ulong offset)
            || offset > long.MaxValue
            || !ulong.TryParse(file, NumberStyles.None, CultureInfo.InvariantCulture, out ulong inode)
        )
        {
            return null;
        }

        ReadOnlySpan<char> path = row.Trim();
        return new ProcessMapping(
            start,
            end,
            access[1] == 'w',
            access[3] == 's',
            (long)offset,
            device is "00:00" ? "00:00" : device.ToString(),
            inode,
            path.IsEmpty ? "" : path.ToString()
        )
        {
            IsReadable = access[0] == 'r',
            IsExecutable = access[2] == 'x',
        };
    }

    /// <summary>Takes the text up to the next blank off a row.</summary>
    private static ReadOnlySpan<char> TakeField(ref ReadOnlySpan<char> row)
    {
        row = row.TrimStart(' ');
        int end = row.IndexOf(' ');
        ReadOnlySpan<char> field = end < 0 ? row : row[..end];
        row = row[field.Length..];
        return field;
    }

    private static bool TryParseHex(ReadOnlySpan<char> text, out ulong value) =>
        ulong.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value);
}
