namespace Osprey.Packets.Vsock;

/// <summary>One direction of a connection: its data, and the credit that its sender has.</summary>
/// <remarks>
/// The sender may have as many bytes under way as its peer keeps for them. Each of the peer's packets tells buf_alloc,
/// what it keeps, and fwd_cnt, what its program took since the connection began. Sent less taken is in flight, and
/// buf_alloc less that is free; the counts wrap at 2^32. What was sent can only be known when the capture has the
/// connection's beginning and lacks none of its packets: else in flight and free are null, never guessed.
/// </remarks>
public sealed class VsockFlow
{
    private uint _sent;
    private uint? _peerBuffer;
    private uint _peerForwarded;
    private bool _isComplete;
    private ulong? _stallStart;

    internal VsockFlow(bool isComplete) => _isComplete = isComplete;

    /// <summary>Bytes of data that the capture has or knows of.</summary>
    public ulong ByteCount { get; private set; }

    /// <summary>Packets, of all operations.</summary>
    public long PacketCount { get; private set; }

    /// <summary>Bytes sent that the peer's program did not take yet; null when that can't be known.</summary>
    public uint? InFlight => _isComplete && _peerBuffer is not null ? unchecked(_sent - _peerForwarded) : null;

    /// <summary>Bytes that may still be sent; null when that can't be known.</summary>
    public uint? Free => InFlight is { } inFlight ? (_peerBuffer > inFlight ? _peerBuffer - inFlight : 0) : null;

    /// <summary>How often the credit was used up.</summary>
    public int StallCount { get; private set; }

    /// <summary>Nanoseconds without credit.</summary>
    public ulong StallTime { get; private set; }

    /// <summary>Tells whether the credit is used up.</summary>
    public bool IsStalled { get; private set; }

    /// <summary>Packets whose data went beyond the credit, as far as it is known.</summary>
    public int OverrunCount { get; private set; }

    /// <summary>
    /// Tells whether packets of this direction are missing from the capture: the peer took more than was sent.
    /// </summary>
    public bool HasGap { get; private set; }

    /// <summary>Counts a packet of this direction.</summary>
    internal void CountPacket() => PacketCount++;

    /// <summary>Takes data that was sent.</summary>
    internal void Send(uint length, ulong? time)
    {
        ByteCount += length;
        _sent = unchecked(_sent + length);
        if (length > 0 && InFlight > _peerBuffer)
            OverrunCount++;

        if (Free == 0 && InFlight > 0 && !IsStalled)
        {
            IsStalled = true;
            StallCount++;
            _stallStart = time;
        }
    }

    /// <summary>Takes what the peer says of its buffer.</summary>
    internal void TakeCredit(uint buffer, uint forwarded, ulong? time)
    {
        _peerBuffer = buffer;
        _peerForwarded = forwarded;
        if (InFlight > int.MaxValue)
        {
            _isComplete = false; // what the peer took was never seen sent
            HasGap = true;
        }

        if (Free != 0)
            EndStall(time);
    }

    /// <summary>Ends a time without credit, as the connection's end does.</summary>
    internal void EndStall(ulong? time)
    {
        if (IsStalled && time > _stallStart)
            StallTime += time.Value - _stallStart.Value;

        IsStalled = false;
    }
}
