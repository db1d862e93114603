using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using Osprey.Dap.Protocol.Requests;
using Osprey.Target;

namespace Osprey.Dap.Guests;

/// <summary>A QEMU that was started for a client, and ends with it.</summary>
/// <remarks>
/// It is started so that its guest waits until the client is ready, with a gdb stub of its own where the command line
/// has none.
/// </remarks>
internal sealed class LaunchedQemu : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(50);

    private readonly Process _process;
    private readonly string? _folder;

    private LaunchedQemu(Process process, string? folder)
    {
        _process = process;
        _folder = folder;
    }

    /// <summary>The guest, as <c>--target</c> names it.</summary>
    public string Target => string.Create(CultureInfo.InvariantCulture, $"qemu:{_process.Id}");

    /// <summary>Its exit code; null while it runs.</summary>
    public int? ExitCode => _process.HasExited ? _process.ExitCode : null;

    /// <summary>Starts it, and waits until its gdb stub listens.</summary>
    /// <param name="arguments">The user's wishes.</param>
    /// <param name="print">Takes what it prints, a line with its category.</param>
    /// <param name="cancellation">The wish to end early.</param>
    /// <exception cref="TargetException">It can't be started, or ended at once.</exception>
    public static LaunchedQemu Start(
        LaunchArguments arguments,
        Action<string, string> print,
        CancellationToken cancellation
    )
    {
        List<string> words =
            arguments.Qemu is [var line] ? CommandLineWords.Split(line)
            : arguments.Qemu is { } list ? [.. list]
            : [];
        if (words.Count == 0)
            throw new TargetException("\"qemu\" is missing: the command line of the QEMU to start");

        string? folder = null;
        string? socket = null;
        if (!words.Any(word => word is "-s" or "-gdb" or "--gdb"))
        {
            folder = Directory.CreateTempSubdirectory("osprey-dap-").FullName;
            socket = Path.Combine(folder, "gdb");
            words.AddRange(["-gdb", $"unix:{socket},server=on,wait=off"]);
        }

        if (!words.Contains("-S"))
            words.Add("-S");

        var qemu = new LaunchedQemu(StartProcess(words, arguments, print), folder);
        try
        {
            qemu.WaitForStub(socket, cancellation);
            return qemu;
        }
        catch
        {
            qemu.Dispose();
            throw;
        }
    }

    /// <summary>Ends it, if it runs.</summary>
    public void End()
    {
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);

        _process.WaitForExit(s_patience);
    }

    /// <summary>Leaves it running on its own.</summary>
    public void LetGo() => _process.Dispose();

    /// <inheritdoc/>
    public void Dispose()
    {
        try
        {
            End();
        }
        catch (InvalidOperationException)
        {
            // It was let go.
        }

        _process.Dispose();
        if (_folder is not null)
            Directory.Delete(_folder, recursive: true);
    }

    private static Process StartProcess(List<string> words, LaunchArguments arguments, Action<string, string> print)
    {
        var start = new ProcessStartInfo(words[0], words.Skip(1))
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = arguments.Cwd ?? "",
        };
        foreach ((string name, string value) in arguments.Env ?? new Dictionary<string, string>())
            start.Environment[name] = value;

        try
        {
            Process process = Process.Start(start)!;
            process.StandardInput.Close();
            process.OutputDataReceived += (_, line) => Print(line.Data, "stdout");
            process.ErrorDataReceived += (_, line) => Print(line.Data, "stderr");
            process.BeginOutputReadLine();
            process.BeginErrorReadLine();
            return process;
        }
        catch (Exception exception) when (exception is Win32Exception or IOException or ArgumentException)
        {
            throw new TargetException($"{words[0]} can't be started: {exception.Message}", exception);
        }

        void Print(string? line, string category)
        {
            if (line is not null)
                print(line + "\n", category);
        }
    }

    private void WaitForStub(string? socket, CancellationToken cancellation)
    {
        long start = Stopwatch.GetTimestamp();
        while (socket is null || !File.Exists(socket))
        {
            cancellation.ThrowIfCancellationRequested();
            if (_process.WaitForExit(s_pause))
                throw new TargetException(
                    string.Create(CultureInfo.InvariantCulture, $"QEMU ended at once, with exit code {ExitCode}")
                );

            // A stub of the user's own is known to listen when it is found.
            if (Stopwatch.GetElapsedTime(start) > (socket is null ? TimeSpan.FromSeconds(1) : s_patience))
            {
                if (socket is null)
                    return;

                throw new TargetException("QEMU was started, but its gdb stub does not listen");
            }
        }
    }
}
