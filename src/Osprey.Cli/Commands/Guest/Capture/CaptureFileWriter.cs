using Osprey.Binary;
using Osprey.Cli.Rendering.Streams;
using Osprey.Packets;
using Osprey.Packets.Pcap;
using Osprey.Packets.Vsock;
using Osprey.Session.Captures;

namespace Osprey.Cli.Commands.Guest.Capture;

/// <summary>Writes captured packets as pcapng. At every moment the file holds whole blocks.</summary>
internal sealed class CaptureFileWriter : IDisposable
{
    private const string StandardOutput = "-";
    private const ushort EthernetLinkType = 1; // LINKTYPE_ETHERNET

    private readonly Stream _stream;
    private readonly bool _isOwned;
    private readonly PcapngWriter _pcap;

    private CaptureFileWriter(Stream stream, bool isOwned)
    {
        _stream = stream;
        _isOwned = isOwned;
        _pcap = new PcapngWriter(stream);
    }

    /// <summary>Opens a file, or standard output for "-".</summary>
    /// <exception cref="CommandFailedException">It can't be written.</exception>
    public static CaptureFileWriter Open(string path, Output output)
    {
        if (path == StandardOutput)
        {
            if (output.IsTerminal)
                throw new UsageException("-w - writes a binary file to standard output: redirect it (> guest.pcapng)");

            return new CaptureFileWriter(output.Stream, false);
        }

        try
        {
            // Unbuffered: the writer gathers whole blocks.
            var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 0);
            return new CaptureFileWriter(file, true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailedException($"{path} can't be written: {FileProblem.DescribeWithoutPath(exception)}");
        }
    }

    /// <summary>Describes a guest's devices as interfaces, and writes that much out.</summary>
    /// <param name="devices">The devices.</param>
    /// <param name="origin">The guest, in words.</param>
    public void Begin(IReadOnlyList<CaptureDevice> devices, string origin)
    {
        foreach (CaptureDevice device in devices)
        {
            bool isVsock = device.Kind == CaptureDeviceKind.Vsock;
            _pcap.AddInterface(
                device.Name,
                $"{(isVsock ? "virtio-vsock" : "virtio-net")} of {origin}",
                isVsock ? (ushort)VsockPacket.LinkType : EthernetLinkType
            );
        }

        Flush();
    }

    /// <summary>Describes an interface of this host, and writes that much out.</summary>
    public void Begin(string name, ushort linkType)
    {
        _pcap.AddInterface(name, "of this host, by libpcap", linkType);
        Flush();
    }

    /// <summary>Writes one packet of this host's interface.</summary>
    public void Write(ulong time, ReadOnlySpan<byte> bytes, uint originalLength) =>
        _pcap.WritePacket(0, time, PacketDirection.Unknown, bytes, originalLength);

    /// <summary>Writes what libpcap says became of the interface's packets.</summary>
    public void End(ulong start, ulong end, ulong received, ulong dropped)
    {
        _pcap.WriteStatistics(0, start, end, received, dropped);
        Flush();
    }

    /// <summary>Writes one packet.</summary>
    public void Write(CapturedFrame frame) =>
        _pcap.WritePacket(
            frame.Device,
            frame.Time,
            frame.Direction,
            frame.Bytes.Span,
            (uint)frame.Bytes.Length,
            Describe(frame),
            (uint)frame.Queue
        );

    /// <summary>Writes what became of each interface's packets.</summary>
    public void End(CaptureResult result)
    {
        for (int i = 0; i < result.Devices.Count; i++)
        {
            QueueCounts counts = result.Devices[i].Receive.Add(result.Devices[i].Transmit);
            _pcap.WriteStatistics(
                i,
                result.Start,
                result.End,
                (ulong)counts.Total,
                (ulong)(counts.Lost + counts.Malformed),
                CaptureMessages.DescribeLosses(counts)
            );
        }

        Flush();
    }

    /// <summary>Writes out all that was given.</summary>
    public void Flush() => _pcap.Flush();

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_isOwned)
            _stream.Dispose();
    }

    private static string? Describe(CapturedFrame frame)
    {
        string? unverified = frame.IsUnverified ? CaptureMessages.Unverified : null;
        return frame.Running is null || unverified is null
            ? frame.Running ?? unverified
            : $"{frame.Running}; {unverified}";
    }
}
