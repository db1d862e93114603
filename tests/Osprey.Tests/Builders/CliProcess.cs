using System.Diagnostics;
using System.Text;

namespace Osprey.Tests.Builders;

/// <summary>
/// Runs the built program as users do: as a process in a folder of its own. Keeps a transcript of all runs, for tests
/// to compare as a whole.
/// </summary>
internal sealed class CliProcess : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("osprey-cli-");
    private readonly StringBuilder _transcript = new();
    private readonly List<(string Text, string Shown)> _replacements = [];

    public CliProcess() => Replace(Folder, "FOLDER");

    /// <summary>The folder in which the program runs; removed at the end.</summary>
    public string Folder => _folder.FullName;

    /// <summary>The transcript of all runs so far: the command line, the output, and the exit code.</summary>
    public string Transcript => _transcript.ToString();

    /// <summary>The last run's exit code.</summary>
    public int ExitCode { get; private set; }

    public void Dispose() => _folder.Delete(recursive: true);

    public string PathOf(string name) => Path.Combine(Folder, name);

    /// <summary>
    /// Replaces a text that differs from run to run, such as a port, by another one in the transcript.
    /// </summary>
    public void Replace(string text, string shown) => _replacements.Add((text, shown));

    /// <summary>Adds a line to the transcript.</summary>
    public void Note(string line) => _transcript.Append(Shown(line)).Append('\n');

    /// <summary>Runs the program to its end.</summary>
    public void Run(params string[] args) => Finish(Start(args), args);

    /// <summary>Runs the program, sends it a signal as soon as it has written a line, and waits for its end.</summary>
    public void RunAndSignal(string signal, params string[] args)
    {
        using Process process = Start(args);
        string first = process.StandardOutput.ReadLine() + "\n";
        TestedProgram.Signal(process, signal);

        Finish(process, args, first);
    }

    private Process Start(string[] args)
    {
        ProcessStartInfo start = TestedProgram.With(args);
        start.WorkingDirectory = Folder;
        start.StandardOutputEncoding = start.StandardErrorEncoding = new UTF8Encoding(false);
        start.Environment["DOTNET_TieredPGO"] = "0";
        start.Environment["XDG_CACHE_HOME"] = Folder;
        Process process = Process.Start(start)!;
        process.StandardInput.Close();
        return process;
    }

    private void Finish(Process process, string[] args, string outputSoFar = "")
    {
        using Process ended = process;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        bool hasEnded = process.WaitForExit(s_patience);
        if (!hasEnded)
            process.Kill(entireProcessTree: true);

        Assert.True(hasEnded, $"osprey {string.Join(' ', args)} did not end");
        ExitCode = process.ExitCode;
        Note($"$ osprey {string.Join(' ', args.Select(arg => arg.AsSpan().ContainsAny(" *?'") ? $"'{arg}'" : arg))}");
        _transcript.Append(Shown(outputSoFar + output.Result));
        foreach (string line in errors.Result.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            Note("stderr: " + line);

        Note($"exit {ExitCode}\n");
    }

    private string Shown(string text)
    {
        foreach ((string replaced, string shown) in _replacements)
            text = text.Replace(replaced, shown, StringComparison.Ordinal);

        return text.Replace("\r", "<CR>", StringComparison.Ordinal);
    }
}
