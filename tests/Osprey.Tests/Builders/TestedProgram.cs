using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Osprey.Tests.Builders;

/// <summary>
/// The program that tests run as a process: the one of OSPREY_PROGRAM, such as a native one, or else the one that was
/// built with the tests.
/// </summary>
internal static class TestedProgram
{
    /// <summary>The file that OSPREY_PROGRAM names; null when it is not set.</summary>
    public static string? Named { get; } =
        Environment.GetEnvironmentVariable("OSPREY_PROGRAM") is { Length: > 0 } path ? Path.GetFullPath(path) : null;

    /// <summary>The first words of a command line that starts it.</summary>
    public static string[] Words =>
        Named is null ? ["dotnet", "exec", Path.Combine(AppContext.BaseDirectory, "osprey.dll")] : [Named];

    /// <summary>Makes what starts the program with arguments; its three streams are pipes.</summary>
    public static ProcessStartInfo With(params IEnumerable<string> arguments) => Behind([], arguments);

    /// <summary>Makes what starts the program by another one, such as <c>setpriv</c>.</summary>
    public static ProcessStartInfo Behind(IEnumerable<string> starter, IEnumerable<string> arguments)
    {
        string[] words = [.. starter, .. Words, .. arguments];
        return new ProcessStartInfo(words[0], words[1..])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
    }

    /// <summary>Sends a signal, such as INT, to a process.</summary>
    public static void Signal(Process process, string signal)
    {
        int number = signal switch
        {
            "HUP" => 1,
            "INT" => 2,
            "QUIT" => 3,
            "KILL" => 9,
            "TERM" => 15,
            _ => throw new ArgumentException($"unknown signal {signal}", nameof(signal)),
        };
        Assert.Equal(0, Send(process.Id, number));
    }

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Send(int processId, int signal);
}
