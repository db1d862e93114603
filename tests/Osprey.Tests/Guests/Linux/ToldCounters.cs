using System.Globalization;
using Osprey.Tests.Guests.Fixtures;

namespace Osprey.Tests.Guests.Linux;

/// <summary>Lines of files in <c>/proc</c>, as the guest of tasks told them.</summary>
internal static class ToldCounters
{
    /// <summary>The lines of a file.</summary>
    public static string[] ReadLines(TasksGuest guest, string file)
    {
        string start = $"count {file} ";
        return
        [
            .. guest
                .Guest.ReadReport()
                .Split('\n')
                .Select(line => line.TrimEnd('\r'))
                .Where(line => line.StartsWith(start, StringComparison.Ordinal))
                .Select(line => line[start.Length..]),
        ];
    }

    /// <summary>The words of a line.</summary>
    public static string[] Split(string line) => line.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>The number that is one of a line's words.</summary>
    public static ulong Number(string line, int word) => ulong.Parse(Split(line)[word], CultureInfo.InvariantCulture);
}
