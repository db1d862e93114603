using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace Osprey.Tests.Builders.Guests;

/// <summary>A small real guest: QEMU without acceleration or devices, paused, and controlled over QMP.</summary>
internal sealed class QemuGuest : IDisposable
{
    private readonly Process _process;
    private readonly Socket _socket;
    private readonly StreamReader _reader;
    private readonly NetworkStream _stream;

    /// <param name="arguments">Over those that every such guest gets; FOLDER stands for <see cref="Folder"/>.</param>
    public QemuGuest(params IEnumerable<string> arguments)
    {
        Folder = Directory.CreateTempSubdirectory("osprey-qemu").FullName;
        string qmp = Path.Combine(Folder, "qmp");
        var start = new ProcessStartInfo(
            "qemu-system-x86_64",
            [
                "-accel",
                "tcg",
                "-m",
                "32",
                "-smp",
                "2",
                "-display",
                "none",
                "-nodefaults",
                "-qmp",
                $"unix:{Path.Combine(Folder, "free-qmp")},server=on,wait=off", // for the program under test
                "-qmp",
                $"unix:{qmp},server=on,wait=off",
                .. arguments.Select(argument => argument.Replace("FOLDER", Folder, StringComparison.Ordinal)),
            ]
        )
        {
            RedirectStandardError = true,
        };
        _process = Process.Start(start)!;
        _socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        for (int i = 0; !TryConnect(qmp); i++)
        {
            Assert.False(_process.HasExited || i > 300, "QEMU does not start");
            Thread.Sleep(50);
        }

        _stream = new NetworkStream(_socket);
        _reader = new StreamReader(_stream);
        _reader.ReadLine();
        Execute("qmp_capabilities", new { });
    }

    /// <summary>A folder that is deleted with the guest.</summary>
    public string Folder { get; }

    /// <summary>The path of its gdb stub's socket, where its arguments ask for one there.</summary>
    public string Stub => Path.Combine(Folder, "gdb");

    public int ProcessId => _process.Id;

    /// <summary>Sends a QMP command and waits for its answer; it must succeed.</summary>
    public JsonElement Execute(string command, object arguments)
    {
        _stream.Write(JsonSerializer.SerializeToUtf8Bytes(new { execute = command, arguments }));
        while (true)
        {
            JsonElement answer = JsonDocument.Parse(_reader.ReadLine()!).RootElement;
            if (answer.TryGetProperty("return", out JsonElement result))
                return result;

            Assert.False(answer.TryGetProperty("error", out _), $"{command}: {answer}");
        }
    }

    /// <summary>Runs a command of the human monitor, in the context of a CPU.</summary>
    public string Monitor(string command, int cpu = 0) =>
        Execute(
                "human-monitor-command",
                new Dictionary<string, object> { ["command-line"] = command, ["cpu-index"] = cpu }
            )
            .GetString()!;

    /// <summary>Lets the guest run until memory has the expected content.</summary>
    public void RunUntil(ulong address, ReadOnlySpan<byte> expected)
    {
        for (int i = 0; i < 400; i++)
        {
            Thread.Sleep(50);
            if (SaveMemory(address, expected.Length).AsSpan().SequenceEqual(expected))
            {
                Execute("stop", new { });
                return;
            }
        }

        Assert.Fail($"memory at 0x{address:x} does not become {Encoding.ASCII.GetString(expected)}");
    }

    /// <summary>Reads physical memory by QEMU's pmemsave.</summary>
    public byte[] SaveMemory(ulong address, int size)
    {
        string path = Path.Combine(Folder, "saved");
        Execute(
            "pmemsave",
            new
            {
                val = address,
                size,
                filename = path,
            }
        );
        return File.ReadAllBytes(path);
    }

    /// <summary>Dumps the guest, and returns the file's path.</summary>
    public string Dump(bool paging, string format)
    {
        string path = Path.Combine(Folder, $"{format}{(paging ? "-paging" : "")}.core");
        if (paging)
            Execute("dump-guest-memory", new { paging, protocol = "file:" + path });
        else
            Execute(
                "dump-guest-memory",
                new
                {
                    paging,
                    protocol = "file:" + path,
                    format,
                }
            );

        return path;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();

        _process.WaitForExit();
        _process.Dispose();
        _reader?.Dispose();
        _socket.Dispose();
        Directory.Delete(Folder, recursive: true);
    }

    private bool TryConnect(string path)
    {
        try
        {
            _socket.Connect(new UnixDomainSocketEndPoint(path));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
