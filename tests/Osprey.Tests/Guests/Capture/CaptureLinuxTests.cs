using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
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
        using LinuxGuest guest = Boot(port, "virtio-net-pci,netdev=n0,id=net0,romfile=");
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

    /// <summary>Queues of which both sides write one ring.</summary>
    [NetworkGuestFact("tshark")]
    public void Capture_OfPackedRings_EqualsQemusDump()
    {
        int port = FindPort();
        using LinuxGuest guest = Boot(port, "virtio-net-pci,netdev=n0,id=net0,romfile=,packed=on");
        string dump = guest.MemoryFile + ".pcap";
        Compare(guest, dump, "quiet.pcapng", () => Exchange(port, 2_000, 3_000));
        (int dumped, int captured) = Compare(guest, dump, "busy.pcapng", () => Exchange(port, 200_000, 100_000));
        Assert.True(dumped > 200, $"{dumped} frames");
        Assert.True(captured > 0);
        RequireListing(guest, port);
    }

    /// <summary>Boots a guest with a server at a port of this host.</summary>
    private static LinuxGuest Boot(int port, string device) =>
        new(
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
                    device,
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

    /// <summary>Captures what goes on meanwhile, and compares it with QEMU's file.</summary>
    private (int Dumped, int Captured) Compare(LinuxGuest guest, string dump, string name, Action exchange)
    {
        string path = Path.Combine(guest.Folder, name);
        (int dumped, int captured) = CaptureProcess.Compare(dump, path, exchange, Words(guest));
        output.WriteLine($"{name}: {captured} of {dumped} frames");
        return (dumped, captured);
    }

    private static string[] Words(LinuxGuest guest) => ["--target", guest.Name, "--qmp", guest.QmpSocket];

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
        CommandRun run = CommandRun.Of([
            "capture",
            .. Words(guest),
            "--device",
            "net0",
            "--count",
            "8",
            "--duration",
            "60s",
        ]);
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
        using var capture = new CaptureProcess([.. Words(guest), "-w", path]);
        Exchange(port, 20_000, 20_000);
        Thread.Sleep(1000);
        capture.End("KILL");
        Assert.NotEmpty(CapturedFile.ReadFrames(path));
        Assert.NotEmpty(OtherProgram.Run("tshark", [], "-r", path));
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
