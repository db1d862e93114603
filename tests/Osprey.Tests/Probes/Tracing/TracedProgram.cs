using System.Diagnostics;
using Osprey.Tests.Symbols.Oracle;

namespace Osprey.Tests.Probes.Tracing;

/// <summary>A program with probes, compiled and running: it does a round for each line that it is sent.</summary>
internal sealed class TracedProgram : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    private readonly string _folder = Directory.CreateTempSubdirectory("osprey-probes-").FullName;
    private readonly Process _process;

    /// <param name="source">The name of the source in the folder Programs beside the tests.</param>
    /// <param name="options">More words for the compiler.</param>
    public TracedProgram(string source, params string[] options)
    {
        Path = Compile(source, _folder, options);
        _process = Process.Start(
            new ProcessStartInfo(Path) { RedirectStandardInput = true, RedirectStandardOutput = true }
        )!;
        Assert.Equal("ready", ReadLine());
    }

    /// <summary>The program's file.</summary>
    public string Path { get; }

    public int Id => _process.Id;

    public bool IsRunning => !_process.HasExited;

    /// <summary>Compiles a program.</summary>
    public static string Compile(string source, string folder, params string[] options)
    {
        string program = System.IO.Path.Combine(folder, System.IO.Path.GetFileNameWithoutExtension(source));
        string path = System.IO.Path.Combine(Tools.Programs, "..", "..", "..", "Probes", "Programs", source);
        string compiler = source.EndsWith(".cc", StringComparison.Ordinal) ? "g++" : "gcc";
        Tools.Run(compiler, ["-O1", "-g", .. options, "-o", program, path, "-pthread"]);
        return program;
    }

    /// <summary>Begins a round.</summary>
    public void Begin()
    {
        _process.StandardInput.WriteLine();
        _process.StandardInput.Flush();
    }

    /// <summary>Reads what a round prints, up to its end.</summary>
    public List<string> ReadRound()
    {
        var lines = new List<string>();
        for (string line = ReadLine(); line != "done"; line = ReadLine())
            lines.Add(line);

        return lines;
    }

    /// <summary>Does a whole round.</summary>
    public List<string> DoRound()
    {
        Begin();
        return ReadRound();
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        if (!_process.WaitForExit(s_patience))
            _process.Kill();

        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private string ReadLine()
    {
        Task<string?> line = _process.StandardOutput.ReadLineAsync();
        Assert.True(line.Wait(s_patience), "the program does not go on");
        Assert.True(line.Result is not null, "the program ended");
        return line.Result!;
    }
}
