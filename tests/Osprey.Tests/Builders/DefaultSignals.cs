using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Osprey.Tests.Builders;

/// <summary>
/// Has the programs that tests start end by the signals that they are sent. A job of the background ignores Ctrl-C, and
/// one of <c>nohup</c> the terminal's end; both are passed on to each program that is started.
/// </summary>
internal static class DefaultSignals
{
    private static readonly int[] s_signals = [1, 2, 3, 15]; // SIGHUP, SIGINT, SIGQUIT, SIGTERM

    [ModuleInitializer]
    public static void Restore()
    {
        const string field = "SigIgn:";
        string line = File.ReadLines("/proc/self/status")
            .First(line => line.StartsWith(field, StringComparison.Ordinal));
        ulong ignored = ulong.Parse(
            line.AsSpan(field.Length),
            NumberStyles.AllowHexSpecifier | NumberStyles.AllowLeadingWhite,
            CultureInfo.InvariantCulture
        );
        foreach (int signal in s_signals.Where(signal => (ignored >> (signal - 1) & 1) != 0))
            _ = Set(signal, 0); // SIG_DFL
    }

    [DllImport("libc", EntryPoint = "signal")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern nint Set(int signal, nint handler);
}
