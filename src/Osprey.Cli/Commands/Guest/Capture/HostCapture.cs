using System.Diagnostics;
using System.Globalization;
using Osprey.Cli.Rendering.Streams;
using Osprey.Cli.Rendering.Text;
using Osprey.Packets;
using Osprey.Packets.Vsock;
using Osprey.Session.Captures;
using SharpPcap;
using SharpPcap.LibPcap;

namespace Osprey.Cli.Commands.Guest.Capture;

/// <summary>Captures from an interface of this host, by libpcap.</summary>
internal sealed class HostCapture
{
    private const int EthernetLinkType = 1; // LINKTYPE_ETHERNET
    private const int Patience = 100; // milliseconds until Ctrl-C is looked for again
    private const int SnapLength = 1 << 18;

    private readonly LibPcapLiveDevice _device;
    private readonly CaptureRequest _request;
    private readonly CancellationToken _cancellation;
    private long _count;

    private HostCapture(LibPcapLiveDevice device, CaptureRequest request, CancellationToken cancellation)
    {
        _device = device;
        _request = request;
        _cancellation = cancellation;
    }

    /// <summary>Captures until the request says so, or Ctrl-C.</summary>
    /// <exception cref="CommandFailedException">There is no libpcap, or it can't capture there.</exception>
    public static int Run(string name, CaptureRequest request, string? path, bool isJson)
    {
        if (path is not null && isJson)
            throw new UsageException("--json shows packets: with --interface it does not go with --write");

        try
        {
            return Capture(name, request, path, isJson);
        }
        catch (Exception exception) when (IsMissing(exception))
        {
            throw new CommandFailedException(
                "--interface needs libpcap, which is not installed here (Debian's package libpcap0.8); packets of a "
                    + "guest are captured without it"
            );
        }
        catch (PcapException exception)
        {
            throw new CommandFailedException($"{name}: {exception.Message}");
        }
    }

    private static bool IsMissing(Exception? exception) =>
        exception is DllNotFoundException or TypeInitializationException { InnerException: DllNotFoundException };

    private static int Capture(string name, CaptureRequest request, string? path, bool isJson)
    {
        using var interruption = new Interruption();
        using var output = new Output(paged: false);
        LibPcapLiveDevice device =
            LibPcapLiveDeviceList.Instance.FirstOrDefault(item => item.Name == name)
            ?? throw new CommandFailedException($"this host has no interface '{TerminalText.Escape(name)}'");
        device.Open(
            new DeviceConfiguration
            {
                Mode = DeviceModes.None,
                Immediate = true,
                ReadTimeout = Patience,
                Snaplen = SnapLength,
            }
        );
        try
        {
            int linkType = (int)device.LinkType;
            var capture = new HostCapture(device, request, interruption.Token);
            Messages.Note($"osprey: capturing {TerminalText.Escape(name)}");
            if (path is not null)
                capture.Write(path, output, (ushort)linkType);
            else
                capture.Show(output, isJson, KindOf(name, linkType));

            return capture.Report();
        }
        finally
        {
            device.Close();
        }
    }

    private static CaptureDeviceKind KindOf(string name, int linkType) =>
        linkType switch
        {
            EthernetLinkType => CaptureDeviceKind.Network,
            (int)VsockPacket.LinkType => CaptureDeviceKind.Vsock,
            _ => throw new CommandFailedException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"packets of {name}, of link type {linkType}, can't be shown here: write them to a file with -w"
                )
            ),
        };

    private void Write(string path, Output output, ushort linkType)
    {
        using CaptureFileWriter file = CaptureFileWriter.Open(path, output);
        file.Begin(_device.Name, linkType);
        ulong start = Now();
        ForEach((time, bytes, length) => file.Write(time, bytes, length), file.Flush);
        ICaptureStatistics counts = _device.Statistics;
        file.End(start, Now(), counts.ReceivedPackets, counts.DroppedPackets);
    }

    private void Show(Output output, bool isJson, CaptureDeviceKind kind)
    {
        var text = new CaptureText(output, isJson);
        ForEach(
            (time, bytes, _) =>
                text.Write(
                    new CapturedFrame(time, 0, 0, PacketDirection.Unknown, bytes.ToArray(), false),
                    _device.Name,
                    kind
                ),
            output.Flush
        );
        output.Flush();
    }

    private void ForEach(PacketVisitor visit, Action flush)
    {
        var watch = Stopwatch.StartNew();
        while (
            !_cancellation.IsCancellationRequested
            && !(_request.Duration <= watch.Elapsed)
            && !(_count >= _request.Count)
        )
        {
            GetPacketStatus status = _device.GetNextPacket(out PacketCapture packet);
            if (status == GetPacketStatus.PacketRead)
            {
                RawCapture raw = packet.GetPacket();
                visit(
                    (raw.Timeval.Seconds * 1_000_000_000) + (raw.Timeval.MicroSeconds * 1000),
                    packet.Data,
                    (uint)Math.Max(raw.PacketLength, packet.Data.Length)
                );
                _count++;
            }
            else if (status == GetPacketStatus.Error)
            {
                throw new CommandFailedException($"{_device.Name}: {_device.LastError}");
            }
            else
            {
                flush();
            }
        }
    }

    private int Report()
    {
        Messages.Note(string.Create(CultureInfo.InvariantCulture, $"osprey: {_count} packets captured"));
        if (_device.Statistics.DroppedPackets is > 0 and var dropped)
            Messages.Write(
                string.Create(CultureInfo.InvariantCulture, $"osprey: the kernel dropped {dropped} packets")
            );

        return ExitCode.Success;
    }

    private static ulong Now() =>
        (ulong)(DateTime.UtcNow - DateTime.UnixEpoch).Ticks * (ulong)TimeSpan.NanosecondsPerTick;

    private delegate void PacketVisitor(ulong time, ReadOnlySpan<byte> bytes, uint originalLength);
}
