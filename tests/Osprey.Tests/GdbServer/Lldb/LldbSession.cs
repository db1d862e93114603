using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Osprey.Tests.GdbServer.Lldb;

/// <summary>One run of stock lldb with commands, connected to a server.</summary>
/// <remarks>
/// It shows a thread that is chosen while it carries out the next command: read between a resumption and its stop,
/// registers would be old. So it rests after each choice.
/// </remarks>
internal sealed partial class LldbSession
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(3);

    private LldbSession(string text) => Text = text;

    /// <summary>All that it printed, messages included.</summary>
    public string Text { get; }

    /// <summary>The stops that it told, after that of the connection.</summary>
    public IReadOnlyList<LldbStop> Stops =>
        [
            .. StopPattern()
                .Matches(Text)
                .Select(found => new LldbStop(
                    found.Groups["index"].Value,
                    found.Groups["name"].Value,
                    found.Groups["reason"].Value,
                    ParseHex(found.Groups["address"].Value),
                    found.Groups["place"].Value
                ))
                .Skip(1),
        ];

    /// <summary>The threads of all lists that it printed, in their order.</summary>
    public IReadOnlyList<LldbThread> Threads =>
        [
            .. ThreadPattern()
                .Matches(Text)
                .Select(found => new LldbThread(
                    found.Groups["index"].Value,
                    (long)ParseHex(found.Groups["id"].Value),
                    found.Groups["name"].Value,
                    found.Groups["state"].Value
                )),
        ];

    /// <summary>What it printed for registers of a name, in their order.</summary>
    public IReadOnlyList<string> ReadRegister(string name) =>
        [.. Regex.Matches(Text, $@"(?m)^ +{name} = (0x[0-9a-f]+|\{{[^}}]*\}})").Select(found => found.Groups[1].Value)];

    /// <summary>The values of expressions that it printed, in their order.</summary>
    public IReadOnlyList<string> Values =>
        [.. Regex.Matches(Text, @"(?m)^\([^)]+\) \$\d+ = (\S+)$").Select(found => found.Groups[1].Value)];

    /// <summary>Runs it. The first command that fails is the last that is carried out.</summary>
    /// <param name="address">The server's address.</param>
    /// <param name="file">The file of the kernel; null for none.</param>
    /// <param name="commands">The commands after the connection.</param>
    public static LldbSession Run(string address, string? file, params string[] commands)
    {
        string[] all =
        [
            "settings set plugin.process.gdb-remote.packet-timeout 60",
            .. file is null ? (string[])[] : [$"target create {file}"],
            $"gdb-remote {address}",
            .. commands.SelectMany(command =>
                command.StartsWith("thread select", StringComparison.Ordinal)
                    ? [command, "platform shell sleep 1"]
                    : (string[])[command]
            ),
        ];
        var start = new ProcessStartInfo(
            "lldb",
            ["--no-lldbinit", "--batch", .. all.SelectMany(command => new[] { "-o", command })]
        )
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["LC_ALL"] = "C";
        start.Environment.Remove("DEBUGINFOD_URLS");
        using Process lldb = Process.Start(start)!;
        lldb.StandardInput.Close();
        Task<string> errors = lldb.StandardError.ReadToEndAsync();
        Task<string> output = lldb.StandardOutput.ReadToEndAsync();
        bool hasEnded = lldb.WaitForExit(s_patience);
        if (!hasEnded)
            lldb.Kill(entireProcessTree: true);

        string text = output.Result + errors.Result;
        Assert.True(hasEnded, $"lldb did not end:\n{text}");
        return new LldbSession(text);
    }

    private static ulong ParseHex(string text) =>
        ulong.Parse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);

    [GeneratedRegex(
        @"(?m)^\* thread #(?<index>\d+), name = '(?<name>.*) \([^()]*\)', stop reason = (?<reason>.+)\n"
            + @" +frame #0: (?<address>0x[0-9a-f]+) ?(?<place>.*)$"
    )]
    private static partial Regex StopPattern();

    [GeneratedRegex(
        @"(?m)^[* ] thread #(?<index>\d+): tid = (?<id>0x[0-9a-f]+),.* name = '(?<name>.*) \((?<state>[^()]*)\)'"
    )]
    private static partial Regex ThreadPattern();
}
