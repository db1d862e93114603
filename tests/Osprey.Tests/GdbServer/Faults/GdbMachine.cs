using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;

namespace Osprey.Tests.GdbServer.Faults;

/// <summary>Stock gdb as development environments run it: by its machine interface (MI).</summary>
internal sealed partial class GdbMachine : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);

    private readonly Process _process;
    private readonly StringBuilder _said = new();
    private readonly Queue<string> _stops = [];
    private int _token;

    /// <summary>Starts it and connects it to a server.</summary>
    /// <param name="address">The server's address.</param>
    /// <param name="file">The file of the guest's kernel; null for what the server hands out.</param>
    public GdbMachine(string address, string? file = null)
    {
        string[] named = file is null ? [] : [file];
        var start = new ProcessStartInfo(
            "gdb",
            ["-nx", "-q", "--interpreter=mi3", "-iex", "set auto-load no", "-iex", "set remotetimeout 60", .. named]
        )
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["LC_ALL"] = "C";
        start.Environment.Remove("DEBUGINFOD_URLS");
        _process = Process.Start(start)!;
        _process.ErrorDataReceived += (_, _) => { };
        _process.BeginErrorReadLine();
        Ask("-gdb-set mi-async on");
        Ask($"-target-select remote {address}");
    }

    /// <summary>All that it said.</summary>
    public string Said => _said.ToString();

    /// <summary>Carries out a command that must succeed, and gives its result.</summary>
    public string Ask(string command)
    {
        string result = Try(command);
        Assert.True(!result.StartsWith("error", StringComparison.Ordinal), $"{command}: {result}");
        return result;
    }

    /// <summary>Carries out a command, and gives its result, such as <c>done,...</c> or <c>error,...</c>.</summary>
    public string Try(string command)
    {
        string token = $"{++_token}^";
        _process.StandardInput.WriteLine($"{_token}{command}");
        return ReadUntil(line => line.StartsWith(token, StringComparison.Ordinal))[token.Length..];
    }

    /// <summary>Lets the guest run or step, and gives what the stop is told with.</summary>
    public string Go(string command)
    {
        _stops.Clear();
        Ask(command);
        return WaitForStop();
    }

    /// <summary>Waits for a stop.</summary>
    public string WaitForStop()
    {
        if (_stops.Count == 0)
            _ = ReadUntil(line => line.StartsWith("*stopped", StringComparison.Ordinal));

        return _stops.Dequeue();
    }

    /// <summary>Computes an expression.</summary>
    public string Evaluate(string expression) => Value(Ask($"-data-evaluate-expression \"{expression}\""), "value");

    /// <summary>The threads, as a development environment lists them.</summary>
    public IReadOnlyList<MachineThread> ListThreads() =>
        [
            .. ThreadPattern()
                .Matches(Ask("-thread-info"))
                .Select(found => new MachineThread(
                    found.Groups["id"].Value,
                    found.Groups["target"].Value,
                    found.Groups["details"].Value,
                    found.Groups["name"].Value,
                    found.Groups["frame"].Value
                )),
        ];

    /// <summary>The value of a name in a result; empty when it has none.</summary>
    public static string Value(string result, string name) =>
        Regex.Match(result, $"(?<![-a-z]){name}=\"((?:[^\"\\\\]|\\\\.)*)\"").Groups[1].Value;

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.StandardInput.WriteLine("-gdb-exit");
            if (!_process.WaitForExit(TimeSpan.FromSeconds(20)))
                _process.Kill(entireProcessTree: true);
        }

        _process.Dispose();
    }

    private string ReadUntil(Func<string, bool> isIt)
    {
        while (true)
        {
            Task<string?> reading = _process.StandardOutput.ReadLineAsync();
            Assert.True(reading.Wait(s_patience), $"gdb says nothing more:\n{Said}");
            string line = reading.Result ?? throw new InvalidOperationException($"gdb ended:\n{Said}");
            _said.Append(line).Append('\n');
            if (line.StartsWith("*stopped", StringComparison.Ordinal))
                _stops.Enqueue(line);

            if (isIt(line))
                return line;
        }
    }

    [GeneratedRegex(
        "\\{id=\"(?<id>[0-9]+)\",target-id=\"(?<target>[^\"]*)\"(,details=\"(?<details>[^\"]*)\")?"
            + "(,name=\"(?<name>(?:[^\"\\\\]|\\\\.)*)\")?,"
            + "frame=\\{(?<frame>(args=\\[[^]]*\\]|[^{}])*(\\{[^{}]*\\}[^{}]*)*)\\}"
    )]
    private static partial Regex ThreadPattern();
}
