using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;

namespace Osprey.Tests.Cli.Differential;

/// <summary>OSv's <c>trace.py</c>, kept running to answer many command lines.</summary>
internal sealed class ReferenceProgram : IDisposable
{
    /// <summary>The environment variable with the script's path.</summary>
    public const string Variable = "OSPREY_REFERENCE_TRACE";

    private readonly Process _process;

    public ReferenceProgram()
    {
        string python = File.Exists("/usr/bin/python3") ? "/usr/bin/python3" : "python3";
        var start = new ProcessStartInfo(python, [Driver(), Path!])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        start.Environment["PYTHONUTF8"] = "1";
        start.Environment["PYTHONDONTWRITEBYTECODE"] = "1";
        start.Environment["PYTHONWARNINGS"] = "ignore";
        _process = Process.Start(start)!;
    }

    /// <summary>The script's path; null when none is given.</summary>
    public static string? Path => Environment.GetEnvironmentVariable(Variable);

    /// <summary>What the script prints for a single command line, which must succeed.</summary>
    public static string Print(params IEnumerable<string> args)
    {
        using var reference = new ReferenceProgram();
        (int exitCode, byte[] output, string error) = reference.Run(args);
        Assert.Equal((0, ""), (exitCode, error));
        return Encoding.UTF8.GetString(output);
    }

    /// <summary>Runs one command line.</summary>
    /// <returns>Its exit code, its output, and the exception that ended it, if one did.</returns>
    public (int ExitCode, byte[] Output, string Error) Run(IEnumerable<string> args)
    {
        _process.StandardInput.WriteLine(JsonSerializer.Serialize(args));
        _process.StandardInput.Flush();
        string line = _process.StandardOutput.ReadLine() ?? throw new InvalidOperationException("the reference ended");
        using JsonDocument reply = JsonDocument.Parse(line);
        JsonElement root = reply.RootElement;
        return (
            root.GetProperty("code").GetInt32(),
            root.GetProperty("output").GetBytesFromBase64(),
            root.GetProperty("error").GetString()!
        );
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }

    private static string Driver([CallerFilePath] string source = "") =>
        System.IO.Path.Combine(System.IO.Path.GetDirectoryName(source)!, "reference_driver.py");
}
