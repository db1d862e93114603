using static Osprey.Packets.Vsock.VirtioVsockHeader;

namespace Osprey.Packets.Vsock;

/// <summary>A connection between two ends, from its first packet in the capture.</summary>
public sealed class VsockConnection
{
    private uint _shutdownForth;
    private uint _shutdownBack;

    internal VsockConnection(int number, in VsockPacket packet, ulong? time, bool hasStart, bool isReversed)
    {
        Number = number;
        Client = isReversed ? packet.Destination : packet.Source;
        Server = isReversed ? packet.Source : packet.Destination;
        Start = time;
        Type = packet.Virtio?.Type;
        HasStart = hasStart;
        State = hasStart && !isReversed ? VsockState.Requested : VsockState.Open;
        Forth = new VsockFlow(hasStart);
        Back = new VsockFlow(hasStart);
    }

    /// <summary>Its number in the capture, from 1.</summary>
    public int Number { get; }

    /// <summary>The end that asked for it, or, where the capture lacks that, that sent the first packet.</summary>
    public VsockEndpoint Client { get; }

    /// <summary>The other end.</summary>
    public VsockEndpoint Server { get; }

    /// <summary>virtio's type: 1 stream, 2 seqpacket; null for other transports.</summary>
    public ushort? Type { get; }

    /// <summary>The time of its first packet, nanoseconds since 1970; null when the capture does not tell.</summary>
    public ulong? Start { get; }

    /// <summary>The time of its last packet.</summary>
    public ulong? End { get; private set; }

    /// <summary>Tells whether the capture has its request or its response.</summary>
    public bool HasStart { get; }

    /// <summary>The state after its last packet.</summary>
    public VsockState State { get; private set; }

    /// <summary>Who ended it, and why as far as the packets tell; null while it is open.</summary>
    public string? Reason { get; private set; }

    /// <summary>What <see cref="Client"/> sends.</summary>
    public VsockFlow Forth { get; }

    /// <summary>What <see cref="Server"/> sends.</summary>
    public VsockFlow Back { get; }

    /// <summary>Nanoseconds from the first packet to the last; null when the capture does not tell.</summary>
    public ulong? Duration => End >= Start ? End - Start : null;

    /// <summary>Tells whether it ended.</summary>
    public bool HasEnded => State >= VsockState.Closed;

    /// <summary>Returns the direction of which an end is the sender.</summary>
    public VsockFlow GetFlow(VsockEndpoint sender) => sender == Client ? Forth : Back;

    /// <summary>Returns the direction of which an end is the receiver.</summary>
    public VsockFlow GetPeerFlow(VsockEndpoint sender) => sender == Client ? Back : Forth;

    /// <summary>Takes one of its packets.</summary>
    internal void Add(in VsockPacket packet, ulong? time)
    {
        End = time ?? End;
        VsockFlow flow = GetFlow(packet.Source);
        VsockFlow peer = GetPeerFlow(packet.Source);
        flow.CountPacket();
        if (packet.Virtio is { Operation: not VirtioVsockOperation.Reset } credit)
            peer.TakeCredit(credit.BufferAllocation, credit.ForwardCount, time); // a reset's counts may be 0

        if (packet.HasData)
            flow.Send(packet.DataLength, time);

        if (HasEnded)
            return;

        if (packet.Virtio is { } virtio)
            Advance(virtio.Operation, virtio.Flags, packet.Source, time);
        else if (packet.Operation == VsockOperation.Disconnect)
            Finish(VsockState.Closed, $"{packet.Source} disconnected", time);
        else if (packet.Source == Server)
            State = VsockState.Open;
    }

    /// <summary>Ends it, since its ends begin another.</summary>
    internal void Replace(ulong? time)
    {
        if (!HasEnded)
            Finish(VsockState.Replaced, "its ends began another connection", time);
    }

    private void Advance(VirtioVsockOperation operation, uint flags, VsockEndpoint sender, ulong? time)
    {
        switch (operation)
        {
            case VirtioVsockOperation.Reset:
                (VsockState state, string reason) = ExplainReset(sender);
                Finish(state, reason, time);
                break;
            case VirtioVsockOperation.Shutdown:
                if (sender == Client)
                    _shutdownForth |= flags & ShutdownBoth;
                else
                    _shutdownBack |= flags & ShutdownBoth;

                State = VsockState.ShuttingDown;
                break;
            case VirtioVsockOperation.Response:
            case VirtioVsockOperation.ReadWrite:
                if (State == VsockState.Requested)
                    State = VsockState.Open;

                break;
        }
    }

    private (VsockState State, string Reason) ExplainReset(VsockEndpoint sender)
    {
        if (State == VsockState.Requested)
            return sender == Server
                ? (VsockState.Refused, $"{sender} refused it: nothing listens there, or its queue is full")
                : (VsockState.Reset, $"{sender} gave it up before an answer");

        if (!HasStart && Forth.PacketCount + Back.PacketCount == 1)
            return (VsockState.Reset, $"{sender} reset it; the capture has nothing else of it");

        (uint own, uint other) = sender == Client ? (_shutdownForth, _shutdownBack) : (_shutdownBack, _shutdownForth);
        VsockEndpoint peer = sender == Client ? Server : Client;
        if (other == ShutdownBoth)
            return (VsockState.Closed, $"{peer} shut it down, {sender} confirmed");

        if (own == ShutdownBoth)
            return (VsockState.Reset, $"{sender} shut it down, then reset it: {peer} did not confirm");

        string left = GetFlow(sender).InFlight is { } inFlight and > 0
            ? $", with {inFlight} bytes that {peer} had not taken"
            : "";
        return (VsockState.Reset, $"{sender} reset it without a shutdown{left}");
    }

    private void Finish(VsockState state, string reason, ulong? time)
    {
        State = state;
        Reason = reason;
        Forth.EndStall(time);
        Back.EndStall(time);
    }
}
