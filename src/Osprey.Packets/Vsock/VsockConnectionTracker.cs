namespace Osprey.Packets.Vsock;

/// <summary>Finds the connections of a capture's packets.</summary>
/// <param name="maxConnections">Connections at most; packets of others are counted and not followed.</param>
public sealed class VsockConnectionTracker(int maxConnections = VsockConnectionTracker.DefaultMaxConnections)
{
    /// <summary>Connections that are followed if nobody says otherwise.</summary>
    public const int DefaultMaxConnections = 1 << 20;

    private readonly Dictionary<(VsockEndpoint, VsockEndpoint), VsockConnection> _current = [];
    private readonly List<VsockConnection> _connections = [];

    /// <summary>All connections, by their first packets.</summary>
    public IReadOnlyList<VsockConnection> Connections => _connections;

    /// <summary>Packets of connections beyond the limit.</summary>
    public long UnfollowedCount { get; private set; }

    /// <summary>Takes the capture's next packet.</summary>
    /// <param name="packet">The packet.</param>
    /// <param name="time">Its time, nanoseconds since 1970; null when the capture does not tell.</param>
    /// <returns>Its connection, with the packet counted; null beyond the limit.</returns>
    public VsockConnection? Add(in VsockPacket packet, ulong? time)
    {
        (VsockEndpoint, VsockEndpoint) key = KeyOf(packet.Source, packet.Destination);
        _current.TryGetValue(key, out VsockConnection? connection);
        if (connection is null || BeginsAnother(connection, packet))
        {
            if (_connections.Count >= maxConnections)
            {
                UnfollowedCount++;
                return null;
            }

            connection?.Replace(time);
            bool isResponse = packet.Virtio is { Operation: VirtioVsockOperation.Response };
            connection = new VsockConnection(
                _connections.Count + 1,
                packet,
                time,
                hasStart: IsRequest(packet) || isResponse,
                isReversed: isResponse
            );
            _connections.Add(connection);
            _current[key] = connection;
        }

        connection.Add(packet, time);
        return connection;
    }

    /// <summary>Tells whether a packet is of a new connection between two ends that had one.</summary>
    /// <remarks>
    /// Without virtio's header, a request and its answer look alike: only after the end it is a new one.
    /// </remarks>
    private static bool BeginsAnother(VsockConnection connection, in VsockPacket packet) =>
        packet.Virtio is not null ? IsRequest(packet) : IsRequest(packet) && connection.HasEnded;

    private static bool IsRequest(in VsockPacket packet) =>
        packet.Virtio is { } virtio
            ? virtio.Operation == VirtioVsockOperation.Request
            : packet.Operation == VsockOperation.Connect;

    /// <summary>The two ends in one order, whoever sends.</summary>
    private static (VsockEndpoint, VsockEndpoint) KeyOf(VsockEndpoint a, VsockEndpoint b) =>
        (a.Cid, a.Port).CompareTo((b.Cid, b.Port)) <= 0 ? (a, b) : (b, a);
}
