using System.Diagnostics;
using System.Text.Json;
using Osprey.Tests.Builders;

namespace Osprey.Tests.Probes.Tracing;

/// <summary><c>osprey probes trace</c> as a process, which has put its probes in.</summary>
internal sealed class TraceProcess : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly Task<string> _errors;
    private readonly Task<string> _output; // read all the time: a full pipe would stop the traced program
    private readonly List<string> _messages = [];

    /// <param name="state">The folder for what is to be undone after a kill.</param>
    /// <param name="arguments">The words behind <c>trace</c>.</param>
    public TraceProcess(string state, params string[] arguments)
    {
        ProcessStartInfo start = TestedProgram.With(["probes", "trace", .. arguments]);
        start.Environment["XDG_STATE_HOME"] = state;
        start.Environment["XDG_CACHE_HOME"] = state;
        _process = Process.Start(start)!;
        _process.StandardInput.Close();
        _output = _process.StandardOutput.ReadToEndAsync();
        bool isTracing = false;
        while (!isTracing && ReadMessage() is { } line)
        {
            _messages.Add(line);
            isTracing = line.StartsWith("osprey: tracing ", StringComparison.Ordinal);
        }

        Assert.True(isTracing, string.Join('\n', _messages));
        _errors = _process.StandardError.ReadToEndAsync();
    }

    /// <summary>What it wrote to standard error until it traced.</summary>
    public IReadOnlyList<string> Messages => _messages;

    /// <summary>What it wrote to standard error afterwards; known at the end.</summary>
    public string LaterMessages => _errors.GetAwaiter().GetResult();

    /// <summary>Waits for its end.</summary>
    /// <returns>Its lines.</returns>
    public List<string> Finish()
    {
        Assert.True(_process.WaitForExit(s_patience), "osprey does not end");
        Assert.Equal((0, LaterMessages), (_process.ExitCode, LaterMessages));
        return [.. _output.GetAwaiter().GetResult().Split('\n', StringSplitOptions.RemoveEmptyEntries)];
    }

    /// <summary>Waits for its end, and puts its JSON into the words of the programs: <c>p:name(a=1, b=2)</c>.</summary>
    public List<string> FinishAsCalls() => [.. Finish().Select(Describe)];

    /// <summary>Sends it a signal.</summary>
    public void Signal(string signal) => TestedProgram.Signal(_process, signal);

    /// <summary>Waits until it is dead.</summary>
    public void WaitForDeath() => Assert.True(_process.WaitForExit(s_patience));

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();

        _process.Dispose();
    }

    private static string Describe(string line)
    {
        using JsonDocument document = JsonDocument.Parse(line);
        JsonElement hit = document.RootElement;
        IEnumerable<string> arguments = hit.GetProperty("arguments")
            .EnumerateObject()
            .Select(argument => $"{argument.Name}={Describe(argument.Value)}");
        return $"{hit.GetProperty("provider")}:{hit.GetProperty("name")}({string.Join(", ", arguments)})";
    }

    /// <summary>Addresses are decimal in the words of the programs.</summary>
    private static string Describe(JsonElement value) =>
        value.ValueKind == JsonValueKind.String && value.GetString() is ['0', 'x', .. var digits]
            ? ulong.Parse(digits, System.Globalization.NumberStyles.AllowHexSpecifier).ToString()
            : value.ToString();

    private string? ReadMessage()
    {
        Task<string?> line = _process.StandardError.ReadLineAsync();
        Assert.True(line.Wait(s_patience), "osprey does not begin");
        return line.Result;
    }
}
