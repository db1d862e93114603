using System.Diagnostics;
using System.Globalization;
using Osprey.Symbols;

namespace Osprey.Target.Backends.Processes;

/// <summary>The names of the code that a .NET process has compiled, out of its perf map.</summary>
/// <remarks>
/// A map that the process writes already is read as it is. Otherwise its runtime is asked, by its diagnostic port, to
/// write one of all that it ever compiled; that is ended again, and the file deleted. Times and tiers: a method that
/// was compiled again has another address, and the code of earlier tiers keeps its name.
/// </remarks>
internal static class PerfMap
{
    private const int MostSymbols = 2_000_000;
    private const long LargestFile = 1L << 30;

    /// <summary>The kernel counts a process's start in ticks since the boot, whose time it knows in seconds.</summary>
    private static readonly TimeSpan s_clockError = TimeSpan.FromSeconds(2);

    /// <summary>Reads the names.</summary>
    /// <param name="processId">The process's number on this host.</param>
    /// <param name="problem">The reason why there are none; null when there are.</param>
    public static IReadOnlyList<TableSymbol> Read(int processId, out string? problem)
    {
        problem = null;
        try
        {
            var folder = ProcessTempFolder.Find(processId);
            string path = Path.Combine(folder.Path, $"perf-{folder.InnerId}.map");
            // One that is older is what another process of the same number left behind.
            if (File.Exists(path) && File.GetLastWriteTimeUtc(path) >= FindStart(processId))
                return Parse(path);

            problem = DotNetPort.TryWritePerfMap(folder);
            if (problem is not null)
                return [];

            try
            {
                return File.Exists(path) ? Parse(path) : [];
            }
            finally
            {
                File.Delete(path);
                File.Delete(Path.Combine(folder.Path, $"perfinfo-{folder.InnerId}.map"));
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            problem = exception.Message;
            return [];
        }
    }

    /// <summary>The time at which a process was started. Files in /proc tell when they were first looked at.</summary>
    private static DateTime FindStart(int processId)
    {
        try
        {
            using var process = Process.GetProcessById(processId);
            return process.StartTime.ToUniversalTime() - s_clockError;
        }
        catch (Exception gone) when (gone is ArgumentException or InvalidOperationException)
        {
            throw new IOException("it ended", gone);
        }
    }

    private static List<TableSymbol> Parse(string path)
    {
        if (new FileInfo(path).Length > LargestFile)
            throw new IOException($"{path} is larger than 1 GiB");

        var symbols = new List<TableSymbol>();
        foreach (string line in File.ReadLines(path))
        {
            if (symbols.Count < MostSymbols && ParseLine(line) is { } symbol)
                symbols.Add(symbol);
        }

        return symbols;
    }

    /// <summary>Reads a line: address and size in hexadecimal, then the name.</summary>
    internal static TableSymbol? ParseLine(string line)
    {
        string[] parts = line.Split(' ', 3);
        return
            parts.Length == 3
            && TryParse(parts[0], out ulong address)
            && TryParse(parts[1], out ulong size)
            && size != 0
            && size <= ulong.MaxValue - address
            ? new TableSymbol(WithoutReturnType(parts[2]), address, size)
            : null;
    }

    /// <summary>
    /// Makes <c>Orders.Store::Find(int32)[Tier0]</c> of <c>void [app] Orders.Store::Find(int32)[Tier0]</c>.
    /// </summary>
    private static string WithoutReturnType(string text)
    {
        int bracket = text.IndexOf('[', StringComparison.Ordinal);
        int end = bracket < 0 ? -1 : text.IndexOf("] ", bracket, StringComparison.Ordinal);
        int parameters = text.IndexOf('(', StringComparison.Ordinal);
        return end > 0 && end < parameters ? text[(end + 2)..] : text;
    }

    private static bool TryParse(ReadOnlySpan<char> text, out ulong value) =>
        ulong.TryParse(
            text.StartsWith("0x") ? text[2..] : text,
            NumberStyles.AllowHexSpecifier,
            CultureInfo.InvariantCulture,
            out value
        );
}
