using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Osprey.Tests.Builders;
using Osprey.Tests.Cli;
using Osprey.Tests.Packets;
using Xunit.Abstractions;

namespace Osprey.Tests.Guests.Capture;

/// <summary>The packets of a Linux guest, read out of its memory, are those that QEMU says it carried.</summary>
[Trait("Category", "Slow")]
public sealed class CaptureLinuxTests(ITestOutputHelper output)
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(3);

    [NetworkGuestFact("tshark", "capinfos")]
    public void Capture_OfAGuest_EqualsQemusDump()
    {
        int port = FindPort();
        using var guest = new LinuxGuest(
            new LinuxGuestVariant(
                "network",
                [
                    "-cpu",
                    "max,la57=off",
                    "-m",
                    "256",
                    "-machine",
                    "pc",
                    "-netdev",
                    $"user,id=n0,ipv6=off,hostfwd=tcp:127.0.0.1:{port}-:8080",
                    "-device",
                    "virtio-net-pci,netdev=n0,id=net0",
                    "-object",
                    "filter-dump,id=f0,netdev=n0,file={memory}.pcap",
                ],
                "ipv6.disable=1",
                "network"
            )
            {
                IsIdle = true,
            }
        );
        string dump = guest.MemoryFile + ".pcap";
        Compare(guest, dump, "quiet.pcapng", () => Exchange(port, 2_000, 3_000));
        (int dumped, int captured) = Compare(
            guest,
            dump,
            "busy.pcapng",
            () =>
                Parallel.For(
                    0,
                    4,
                    new ParallelOptions { MaxDegreeOfParallelism = 4 },
                    _ => Exchange(port, 100_000, 50_000)
                )
        );
        Assert.True(dumped > 300, $"{dumped} frames");
        Assert.True(captured > 0);
        RequireReadable(Path.Combine(guest.Folder, "busy.pcapng"));
        RequireCounters(guest, dump);
        RequireListing(guest, port);
        RequireWholeAfterKill(guest, port);
    }

    /// <summary>Captures what goes on meanwhile, ended by Ctrl-C, and compares it with QEMU's file.</summary>
    private (int, int) Compare(LinuxGuest guest, string dump, string name, Action exchange)
    {
        int before = CapturedFile.ReadFrames(dump).Count;
        string path = Path.Combine(guest.Folder, name);
        using Process capture = Start(guest, "-w", path);
        exchange();
        Thread.Sleep(500); // the last packets of a connection are in nobody's way
        Assert.Equal(0, Kill(capture, "INT"));
        (int dumped, int captured) = CapturedFile.RequireEqual(path, [.. CapturedFile.ReadFrames(dump).Skip(before)]);
        output.WriteLine($"{name}: {captured} of {dumped} frames");
        return (dumped, captured);
    }

    /// <summary>The counters of the guest's driver are those of QEMU's file, which has both directions.</summary>
    private static void RequireCounters(LinuxGuest guest, string dump)
    {
        CommandRun run = CommandRun.Of("net", "--target", guest.Name, "--json");
        Assert.True(run.ExitCode == 0, run.Messages);
        using var json = JsonDocument.Parse(run.Text);
        JsonElement card = json
            .RootElement.GetProperty("interfaces")
            .EnumerateArray()
            .Single(item => item.GetProperty("name").GetString() == "eth0");
        Assert.Equal(
            CapturedFile.ReadFrames(dump).Count,
            card.GetProperty("receivedPackets").GetInt64() + card.GetProperty("sentPackets").GetInt64()
        );
    }

    private static void RequireReadable(string path)
    {
        string text = OtherProgram.Run("capinfos", [], "-c", "-E", "-I", path);
        Assert.Contains("Name = net0", text);
        Assert.Contains("Ethernet", text);
        Assert.NotEmpty(OtherProgram.Run("tshark", [], "-r", path, "-Y", "tcp.port == 8080", "-c", "1"));
    }

    private static void RequireListing(LinuxGuest guest, int port)
    {
        Task exchange = Task.Run(() =>
        {
            for (int i = 0; i < 40; i++)
            {
                Exchange(port, 100, 100);
                Thread.Sleep(100);
            }
        });
        CommandRun run = CommandRun.Of(
            "capture",
            "--target",
            guest.Name,
            "--qmp",
            guest.QmpSocket,
            "--device",
            "net0",
            "--count",
            "8",
            "--duration",
            "60s"
        );
        Assert.True(run.ExitCode == 0, run.Messages);
        string[] lines = run.Text.TrimEnd('\n').Split('\n');
        Assert.Equal(8, lines.Length);
        Assert.All(lines, line => Assert.Matches(@"^\d\d:\d\d:\d\d\.\d{9} net0 (in|out) (IP|ARP)", line));
        exchange.Wait();
    }

    /// <summary>A capture that was killed has whole blocks.</summary>
    private static void RequireWholeAfterKill(LinuxGuest guest, int port)
    {
        string path = Path.Combine(guest.Folder, "killed.pcapng");
        using Process capture = Start(guest, "-w", path);
        Exchange(port, 20_000, 20_000);
        Thread.Sleep(1000);
        Kill(capture, "KILL");
        Assert.NotEmpty(CapturedFile.ReadFrames(path));
        Assert.NotEmpty(OtherProgram.Run("tshark", [], "-r", path));
    }

    private static Process Start(LinuxGuest guest, params string[] words)
    {
        Process process = Process.Start(
            TestedProgram.With(["capture", "--target", guest.Name, "--qmp", guest.QmpSocket, .. words])
        )!;
        var clock = Stopwatch.StartNew();
        while (process.StandardError.ReadLine() is { } line && !line.Contains("capturing", StringComparison.Ordinal))
            Assert.True(clock.Elapsed < s_limit, line);

        return process;
    }

    private static int Kill(Process process, string signal)
    {
        TestedProgram.Signal(process, signal);
        Assert.True(process.WaitForExit(s_limit), "the capture does not end");
        return process.ExitCode;
    }

    /// <summary>Has the guest send and receive so many bytes.</summary>
    private static void Exchange(int port, int send, int receive)
    {
        using var client = new TcpClient();
        client.ReceiveTimeout = (int)s_limit.TotalMilliseconds;
        client.Connect(IPAddress.Loopback, port);
        NetworkStream stream = client.GetStream();
        stream.Write(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{send} {receive}\n")));
        stream.Write(new byte[receive]);
        byte[] buffer = new byte[65536];
        int total = 0;
        while (stream.Read(buffer) is > 0 and var count)
            total += count;

        Assert.Equal(send, total);
    }

    private static int FindPort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
