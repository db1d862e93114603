using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace Osprey.Tests.Builders.Guests;

/// <summary>A QEMU that boots only its own firmware, with a gdb stub and QMP on Unix sockets.</summary>
internal sealed class SeabiosGuest : IDisposable
{
    private readonly Process _process;
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("osprey");
    private readonly StreamReader _answers;
    private readonly Stream _qmp;
    private readonly Version _version;

    /// <summary>Starts it.</summary>
    /// <param name="isPaused">True when its vCPUs wait to be started.</param>
    public SeabiosGuest(bool isPaused)
    {
        string[] arguments =
        [
            "-accel",
            "tcg",
            "-smp",
            "2",
            "-m",
            "64",
            "-display",
            "none",
            "-nodefaults",
            .. isPaused ? (string[])["-S"] : [],
            "-gdb",
            $"unix:{Stub},server=on,wait=off",
            "-qmp",
            $"unix:{_folder}/qmp,server=on,wait=off",
            "-qmp",
            $"unix:{_folder}/free-qmp,server=on,wait=off", // for the program under test
        ];
        _process = Process.Start(
            new ProcessStartInfo("qemu-system-x86_64", arguments) { RedirectStandardError = true }
        )!;
        _process.ErrorDataReceived += (_, _) => { };
        _process.BeginErrorReadLine();
        _qmp = new NetworkStream(Connect($"{_folder}/qmp"), ownsSocket: true);
        _answers = new StreamReader(_qmp);
        _answers.ReadLine();
        Execute("qmp_capabilities");
        JsonElement version = Execute("query-version").GetProperty("qemu");
        _version = new Version(version.GetProperty("major").GetInt32(), version.GetProperty("minor").GetInt32());
        if (!isPaused)
            Thread.Sleep(500); // until the firmware has finished its setup
    }

    /// <summary>The path of the stub's socket.</summary>
    public string Stub => $"{_folder}/gdb";

    /// <summary>The state that QMP's query-status gives, such as "running".</summary>
    public string Status => Execute("query-status").GetProperty("status").GetString()!;

    /// <summary>Whether its stub tells a guest that ran from one that a user paused: before 8.1 it does.</summary>
    public bool StubTellsState => _version < new Version(8, 1);

    /// <summary>Runs a command of QMP without arguments.</summary>
    public JsonElement Execute(string command)
    {
        _qmp.Write(Encoding.UTF8.GetBytes($"{{\"execute\":\"{command}\"}}\n"));
        while (true)
        {
            string line = _answers.ReadLine() ?? throw new IOException("QEMU hung up");
            JsonElement answer = JsonDocument.Parse(line).RootElement;
            if (answer.TryGetProperty("return", out JsonElement result))
                return result;

            Assert.False(answer.TryGetProperty("error", out JsonElement error), error.ToString());
        }
    }

    public void Dispose()
    {
        _answers.Dispose();
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
        _folder.Delete(recursive: true);
    }

    private Socket Connect(string path)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        for (int attempt = 0; ; attempt++)
        {
            try
            {
                socket.Connect(new UnixDomainSocketEndPoint(path));
                socket.ReceiveTimeout = 20_000;
                return socket;
            }
            catch (SocketException) when (attempt < 500 && !_process.HasExited)
            {
                Thread.Sleep(20);
            }
        }
    }
}
