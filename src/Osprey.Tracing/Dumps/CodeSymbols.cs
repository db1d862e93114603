using System.Diagnostics;
using System.Globalization;

namespace Osprey.Tracing.Dumps;

/// <summary>The names of the code that the runtime has compiled.</summary>
/// <remarks>
/// <para>
/// The runtime is asked for them when a dump is made, by its diagnostic port: it writes a line for each piece of code
/// that it ever compiled, with the tier in brackets. A method that was compiled again has another address, and the
/// code of earlier tiers keeps its own, so that old backtraces keep their names, too. Nothing has to be followed
/// while the program runs, and tracepoints that are enabled late see all names.
/// </para>
/// <para>
/// What has no name: code that was compiled ahead of time (the framework's own until it becomes hot; all of a native
/// program). The dump lists the files that such code is in.
/// </para>
/// </remarks>
internal static class CodeSymbols
{
    private const int MostSymbols = 2_000_000;

    private static readonly Lock s_lock = new();

    /// <summary>Reads the names, by address; none where the runtime does not tell them.</summary>
    public static IReadOnlyList<CodeSymbol> ReadAll()
    {
        lock (s_lock)
        {
            string path = Path.Combine(Path.GetTempPath(), $"perf-{Environment.ProcessId}.map");
            // A file of this process that is there already is somebody else's wish: it is not ours to end or delete.
            // One that is older than the process is what another process of the same number left behind.
            if (File.Exists(path) && File.GetLastWriteTime(path) >= Process.GetCurrentProcess().StartTime)
                return Read(path);

            if (!DiagnosticPort.TryEnablePerfMap())
                return [];
            try
            {
                DiagnosticPort.TryDisablePerfMap();
                return File.Exists(path) ? Read(path) : [];
            }
            finally
            {
                File.Delete(path);
                File.Delete(Path.Combine(Path.GetTempPath(), $"perfinfo-{Environment.ProcessId}.map"));
            }
        }
    }

    private static List<CodeSymbol> Read(string path)
    {
        List<CodeSymbol> symbols = [];
        try
        {
            foreach (string line in File.ReadLines(path))
            {
                if (symbols.Count < MostSymbols && TryParse(line, out CodeSymbol symbol))
                    symbols.Add(symbol);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }

        symbols.Sort((x, y) => x.Address.CompareTo(y.Address));
        return symbols;
    }

    /// <summary>Reads a line: address and size in hexadecimal, then the name.</summary>
    private static bool TryParse(string line, out CodeSymbol symbol)
    {
        symbol = default;
        int first = line.IndexOf(' ', StringComparison.Ordinal);
        int second = first < 0 ? -1 : line.IndexOf(' ', first + 1);
        if (
            second < 0
            || !TryParseHex(line.AsSpan(0, first), out ulong address)
            || !TryParseHex(line.AsSpan(first + 1, second - first - 1), out ulong size)
        )
        {
            return false;
        }

        symbol = new CodeSymbol(address, size, MethodName.OfPerfMap(line[(second + 1)..]));
        return size != 0;
    }

    private static bool TryParseHex(ReadOnlySpan<char> text, out ulong value) =>
        ulong.TryParse(
            text.StartsWith("0x") ? text[2..] : text,
            NumberStyles.AllowHexSpecifier,
            CultureInfo.InvariantCulture,
            out value
        );
}
