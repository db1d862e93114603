using Osprey.Cli.Commands.Guest.Capture;
using Osprey.Cli.Rendering.Streams;
using Osprey.Session.Captures;
using Osprey.Target;
using Osprey.Tests.Cli;
using Osprey.Tests.Packets;

namespace Osprey.Tests.Session.Captures;

/// <summary>Captures from devices in a memory of ours, from the first look to the file.</summary>
public sealed class GuestCaptureTests : IDisposable
{
    private const ulong Buffers = 0x40000;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("osprey-capture-");
    private readonly RingMemory _memory = new();
    private readonly RingModel _network;
    private readonly RingModel _vsock;

    public GuestCaptureTests()
    {
        _network = RingModel.At(_memory, 1, 64, 0x10000);
        _vsock = RingModel.At(_memory, 1, 64, 0x20000);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    [RequiresProgramFact("tshark", "capinfos")]
    public void File_OfTwoDevices_IsReadByOthers()
    {
        string path = Path.Combine(_folder.FullName, "guest.pcapng");
        CaptureResult done = Capture(path, new CaptureRequest(Count: 4), SendAll);
        Assert.Equal(CaptureEnd.Count, done.Reason);
        Assert.Equal(new QueueCounts(4, 0, 0, 0), done.Total);
        Assert.Contains("Number of packets:   4", OtherProgram.Run("capinfos", [], path));
        string[] lines = OtherProgram.Run("tshark", [], "-r", path).TrimEnd('\n').Split('\n');
        Assert.Equal(4, lines.Length);
        Assert.All(lines, line => Assert.Matches("DNS|UDP|vSock", line));
        string decoded = CommandRun.Of("vsock", "decode", path).Text;
        Assert.Equal(2, decoded.Split('\n').Count(line => line.Contains("3:1024 > host:5000 data, 5 bytes")));
    }

    /// <summary>A file that is cut anywhere is read up to there.</summary>
    [Fact]
    public void File_CutAnywhere_IsReadUpToThere()
    {
        string path = Path.Combine(_folder.FullName, "guest.pcapng");
        Capture(path, new CaptureRequest(Count: 4), SendAll);
        byte[] whole = File.ReadAllBytes(path);
        for (int size = BitConverter.ToInt32(whole, 4); size < whole.Length; size++)
        {
            var reader = Osprey.Packets.Captures.CaptureReader.Open(new MemoryStream(whole[..size]), "cut");
            while (reader.TryRead(out _))
            {
                // To where it ends.
            }

            Assert.InRange(reader.Count, 0, 4);
        }
    }

    [Fact]
    public void Queues_ThatAreSetUpAnew_AreFollowedThere()
    {
        RingModel moved = RingModel.At(_memory, 1, 64, 0x60000);
        CaptureDevice before = Device("net0", CaptureDeviceKind.Network, _network);
        CaptureDevice after = before with { Transmit = [moved.Queue] };
        bool isMoved = false;
        int sent = 0;
        var capture = new GuestCapture(
            _memory,
            [before],
            () =>
            {
                // The look that follows is the first one there.
                bool wasMoved = isMoved;
                isMoved = true;
                return wasMoved ? [] : [after];
            }
        )
        {
            Looking = () =>
            {
                if (sent == 0)
                    Send(_network, sent++);
                else if (isMoved && sent++ == 2)
                    Send(moved, 1);
            },
        };
        var frames = new List<CapturedFrame>();
        using var end = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        CaptureResult done = capture.Run(new CaptureRequest(Count: 2), frames.Add, () => { }, end.Token);
        Assert.Equal(CaptureEnd.Count, done.Reason);
        Assert.Equal(new QueueCounts(2, 0, 0, 0), done.Total);
        Assert.Equal(
            ["the guest's driver set the queues of net0 up anew; packets before that may be missing"],
            done.Notes
        );
    }

    /// <summary>What came between the last look and the user's wish to end is captured, too.</summary>
    [Fact]
    public void End_AfterThePackets_HasThemAll()
    {
        using var end = new CancellationTokenSource();
        var frames = new List<CapturedFrame>();
        var capture = new GuestCapture(_memory, [Device("net0", CaptureDeviceKind.Network, _network)], () => []);
        var request = new CaptureRequest
        {
            Started = () =>
            {
                Send(_network, 0);
                end.Cancel();
            },
        };
        CaptureResult done = capture.Run(request, frames.Add, () => { }, end.Token);
        Assert.Equal((CaptureEnd.Asked, 1), (done.Reason, frames.Count));
    }

    /// <summary>A wish to end while the guest's lists are walked through is met as at any other time.</summary>
    [Fact]
    public void End_WhileQueuesAreLookedFor_HasThemAll()
    {
        using var end = new CancellationTokenSource();
        var frames = new List<CapturedFrame>();
        var capture = new GuestCapture(
            _memory,
            [Device("net0", CaptureDeviceKind.Network, _network)],
            () =>
            {
                Send(_network, 0);
                end.Cancel();
                throw new OperationCanceledException(end.Token);
            }
        );
        CaptureResult done = capture.Run(new CaptureRequest(), frames.Add, () => { }, end.Token);
        Assert.Equal((CaptureEnd.Asked, 1), (done.Reason, frames.Count));
    }

    [Fact]
    public void Guest_ThatEnds_EndsTheCaptureWithWhatThereIs()
    {
        var frames = new List<CapturedFrame>();
        int looks = 0;
        var capture = new GuestCapture(_memory, [Device("net0", CaptureDeviceKind.Network, _network)], () => [])
        {
            Looking = () =>
            {
                if (looks++ == 0)
                    Send(_network, 0);
                else
                    _memory.Reading = _ => throw new TargetException(TargetProblem.GuestEnded, "the guest ended");
            },
        };
        CaptureResult done = capture.Run(new CaptureRequest(), frames.Add, () => { }, CancellationToken.None);
        Assert.Equal(CaptureEnd.GuestEnded, done.Reason);
        Assert.Single(frames);
    }

    /// <summary>QEMU that does not answer when it is asked again does not end the capture.</summary>
    [Fact]
    public void Queues_ThatCantBeAskedForAgain_AreFollowedOn()
    {
        int asked = 0;
        var capture = new GuestCapture(
            _memory,
            [Device("net0", CaptureDeviceKind.Network, _network)],
            () =>
            {
                asked++;
                throw new TargetException(TargetProblem.QmpSilent, "QMP does not answer");
            }
        )
        {
            Looking = () =>
            {
                if (asked == 1 && _network.Available == 0)
                    Send(_network, 0);
            },
        };
        using var end = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        CaptureResult done = capture.Run(new CaptureRequest(Count: 1), _ => { }, () => { }, end.Token);
        Assert.Equal(CaptureEnd.Count, done.Reason);
        Assert.Equal(["the places of the queues could not be asked for again: QMP does not answer"], done.Notes);
    }

    private CaptureResult Capture(string path, CaptureRequest request, Action step)
    {
        CaptureDevice[] devices =
        [
            Device("net0", CaptureDeviceKind.Network, _network),
            Device("vsock0", CaptureDeviceKind.Vsock, _vsock),
        ];
        using var output = new Output(paged: false);
        using CaptureFileWriter file = CaptureFileWriter.Open(path, output);
        file.Begin(devices, "a test");
        var capture = new GuestCapture(_memory, devices, () => devices) { Looking = step };
        using var end = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        CaptureResult done = capture.Run(request, file.Write, file.Flush, end.Token);
        file.End(done);
        return done;
    }

    private void SendAll()
    {
        if (_network.Available > 0)
            return;

        for (int i = 0; i < 2; i++)
        {
            Send(_network, i);
            byte[] packet = CapturedFrames.Vsock(3, 2, "hello"u8.ToArray());
            ulong place = Buffers + 0x8000 + (ulong)(i * 0x100);
            _vsock.Put(place, packet);
            _vsock.SetDescriptor(i, place, packet.Length);
            _vsock.Offer(i);
        }
    }

    private static void Send(RingModel ring, int number)
    {
        byte[] frame = CapturedFrames.Udp(number);
        ulong place = Buffers + (ulong)(number * 0x800);
        ring.Put(place, new byte[12]);
        ring.Put(place + 12, frame);
        ring.SetDescriptor(number, place, 12 + frame.Length);
        ring.Offer(number);
    }

    private static CaptureDevice Device(string name, CaptureDeviceKind kind, RingModel transmit) =>
        new(name, kind, kind == CaptureDeviceKind.Network ? 12 : 0, false, [], [transmit.Queue]);
}
