using System.Text;
using Osprey.Tests.Builders.Traces;
using Osprey.Tests.Cli.Differential;

namespace Osprey.Tests.Cli.Trace;

/// <summary>Command lines over one trace, each with everything that it printed.</summary>
internal sealed class TraceTranscript : IDisposable
{
    private static readonly Lazy<ReferenceProgram?> s_reference = new(() =>
        File.Exists(ReferenceProgram.Path) ? new ReferenceProgram() : null
    );

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("osprey-test-");
    private readonly StringBuilder _text = new();
    private readonly string _path;

    public TraceTranscript(TracefileBuilder trace, string symbols = "")
        : this(trace.Build(), symbols) { }

    public TraceTranscript(byte[] trace, string symbols = "")
    {
        _path = Path.Combine(_folder.FullName, "tracefile");
        File.WriteAllBytes(_path, trace);
        File.WriteAllText(_path + ".symbols", symbols);
    }

    /// <summary>The transcript.</summary>
    public string Text => _text.ToString();

    /// <summary>Runs a command line with <c>--compat</c> and then without.</summary>
    /// <remarks>Where the reference is at hand, its output must be that with <c>--compat</c>.</remarks>
    public TraceTranscript Both(string commandLine)
    {
        byte[] output = Append(commandLine + " --compat");
        if (s_reference.Value is ReferenceProgram reference)
        {
            lock (reference)
            {
                (int code, byte[] expected, _) = reference.Run([.. Split(commandLine), "--", _path]);
                if (code == 0)
                    Assert.Equal(Encoding.UTF8.GetString(expected), Encoding.UTF8.GetString(output));
            }
        }

        return Native(commandLine);
    }

    /// <summary>Runs a command line as it is.</summary>
    public TraceTranscript Native(string commandLine)
    {
        Append(commandLine);
        return this;
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static string[] Split(string commandLine) => commandLine.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private byte[] Append(string commandLine)
    {
        CommandRun run = CommandRun.Of(["trace", .. Split(commandLine), "--", _path]);
        _text.Append($"$ osprey trace {commandLine}\n{run.Text}");
        foreach (string message in run.Messages.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            _text.Append($"! {message.Replace(_path, "tracefile", StringComparison.Ordinal)}\n");

        if (run.ExitCode != 0)
            _text.Append($"[exit code {run.ExitCode}]\n");

        _text.Append('\n');
        return run.Output;
    }
}
