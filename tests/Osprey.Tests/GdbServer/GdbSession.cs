using System.Diagnostics;

namespace Osprey.Tests.GdbServer;

/// <summary>Runs stock gdb against a server.</summary>
internal static class GdbSession
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);

    /// <summary>Runs commands, and gives all that gdb printed.</summary>
    /// <param name="address">The server's address.</param>
    /// <param name="commands">The commands after the connection.</param>
    public static string Run(string address, params string[] commands)
    {
        using Process gdb = Start(address, commands);
        gdb.StandardInput.Close();
        Task<string> errors = gdb.StandardError.ReadToEndAsync();
        Task<string> output = gdb.StandardOutput.ReadToEndAsync();
        bool hasEnded = gdb.WaitForExit(s_patience);
        if (!hasEnded)
            gdb.Kill(entireProcessTree: true);

        string text = output.Result + errors.Result;
        Assert.True(hasEnded, $"gdb did not end:\n{text}");
        return text;
    }

    /// <summary>Starts gdb with commands, its streams pipes.</summary>
    public static Process Start(string address, params string[] commands)
    {
        string[] all =
        [
            "set pagination off",
            "set confirm off",
            "set width 0",
            "set remotetimeout 60", // on a busy host, an answer takes longer than two seconds
            $"target remote {address}",
            .. commands,
        ];
        var start = new ProcessStartInfo(
            "gdb",
            ["-nx", "-batch", "-iex", "set auto-load no", .. all.SelectMany(command => new[] { "-ex", command })]
        )
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["LC_ALL"] = "C";
        start.Environment.Remove("DEBUGINFOD_URLS");
        return Process.Start(start)!;
    }
}
