using Osprey.Binary;
using Osprey.Packets.Captures;
using Osprey.Packets.Vsock;

namespace Osprey.Session.Answers.Vsock;

/// <summary>A capture of vsock traffic, read once from front to back.</summary>
public sealed class VsockCapture
{
    private readonly CaptureReader _reader;
    private readonly VsockConnectionTracker _tracker = new();
    private readonly SortedDictionary<uint, long> _others = [];

    private VsockCapture(CaptureReader reader) => _reader = reader;

    /// <summary>Packets of vsock that were read.</summary>
    public long Count { get; private set; }

    /// <summary>Packets of which not even vsockmon's header is there.</summary>
    public long UndecodedCount { get; private set; }

    /// <summary>All connections, as far as the capture was read.</summary>
    public IReadOnlyList<VsockConnection> Connections => _tracker.Connections;

    /// <summary>The error that ended the reading early; null when there was none.</summary>
    public BadDataException? Defect => _reader.Defect;

    /// <summary>Opens a pcap or pcapng file.</summary>
    /// <param name="stream">The bytes; stays open, is never sought.</param>
    /// <param name="name">Its name as the user knows it.</param>
    /// <exception cref="BadDataException">It is no such file.</exception>
    public static VsockCapture Open(Stream stream, string name) => new(CaptureReader.Open(stream, name));

    /// <summary>Reads the packets, once.</summary>
    public IEnumerable<VsockEvent> Read()
    {
        while (_reader.TryRead(out CaptureRecord record))
        {
            if (record.LinkType != VsockPacket.LinkType)
            {
                _others[record.LinkType] = _others.GetValueOrDefault(record.LinkType) + 1;
                continue;
            }

            Count++;
            VsockPacket? decoded = null;
            VsockConnection? connection = null;
            if (VsockPacket.TryDecode(record.Data, record.OriginalLength, out VsockPacket packet, out string? problem))
            {
                decoded = packet;
                connection = _tracker.Add(packet, record.Time);
                problem = packet.Problem;
            }
            else
            {
                UndecodedCount++;
            }

            yield return new VsockEvent(
                record.Number,
                record.Time,
                decoded,
                connection,
                record.Data.Length,
                record.OriginalLength,
                problem
            );
        }
    }

    /// <summary>Describes what is missing from the answer: the error, losses, packets that were passed over.</summary>
    public IReadOnlyList<string> DescribeLosses()
    {
        var losses = new List<string>();
        if (Defect is not null)
            losses.Add($"{Defect.Message}; {_reader.Count} packets were read before");

        if (_reader.DropCount is > 0 and ulong drops)
            losses.Add($"the capture lost {drops} packets");

        if (UndecodedCount > 0)
            losses.Add($"{UndecodedCount} packets are too short for vsockmon's header");

        if (_tracker.UnfollowedCount > 0)
            losses.Add(
                $"{_tracker.UnfollowedCount} packets belong to connections beyond the limit of "
                    + $"{VsockConnectionTracker.DefaultMaxConnections}"
            );

        int gaps = Connections.Count(connection => connection.Forth.HasGap || connection.Back.HasGap);
        if (gaps > 0)
            losses.Add($"packets of {gaps} connections are missing from the capture: more was taken than was sent");

        return losses;
    }

    /// <summary>Describes the packets of other link types; null when there are none.</summary>
    public string? DescribeOthers() =>
        _others.Count == 0
            ? null
            : string.Join(", ", _others.Select(pair => $"{pair.Value} packets of link type {pair.Key}"))
                + $" are left out: vsock's is {VsockPacket.LinkType}";
}
