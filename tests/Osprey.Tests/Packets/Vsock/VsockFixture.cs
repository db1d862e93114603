using System.Text;
using Osprey.Packets.Vsock;
using static Osprey.Tests.Packets.Vsock.VsockPacketBuilder;

namespace Osprey.Tests.Packets.Vsock;

/// <summary>The capture of docs/vsock.md: four connections, each with an end of its own.</summary>
internal static class VsockFixture
{
    private const uint Buffer = 64;

    public static VsockPacketBuilder Create()
    {
        var builder = new VsockPacketBuilder();
        AddEcho(builder);
        AddRefused(builder);
        AddMessages(builder);
        AddReset(builder);
        return builder;
    }

    /// <summary>A request that uses up the credit, an answer, and an end in order.</summary>
    private static void AddEcho(VsockPacketBuilder builder)
    {
        byte[] line = Encoding.ASCII.GetBytes("GET /os/version HTTP/1.1\r\n\r\n");
        builder.Add(Host, Guest, VirtioVsockOperation.Request, Buffer);
        builder.Add(Guest, Host, VirtioVsockOperation.Response, Buffer);
        builder.Add(Host, Guest, VirtioVsockOperation.ReadWrite, Buffer, 0, 0, line);
        builder.Add(Host, Guest, VirtioVsockOperation.ReadWrite, Buffer, 0, 0, new byte[36]);
        builder.Add(Host, Guest, VirtioVsockOperation.CreditRequest, Buffer);
        builder.Add(Guest, Host, VirtioVsockOperation.CreditUpdate, Buffer, 64);
        builder.Add(Guest, Host, VirtioVsockOperation.ReadWrite, Buffer, 64, 0, "v0.57.0\n"u8.ToArray());
        builder.Add(Host, Guest, VirtioVsockOperation.Shutdown, Buffer, 8, 3);
        builder.Add(Guest, Host, VirtioVsockOperation.Reset);
    }

    private static void AddRefused(VsockPacketBuilder builder)
    {
        VsockEndpoint client = new(3, 40_000);
        VsockEndpoint server = new(2, 9);
        builder.Add(client, server, VirtioVsockOperation.Request, Buffer);
        builder.Add(server, client, VirtioVsockOperation.Reset);
    }

    /// <summary>Messages of a seqpacket connection that goes on; the first is only captured in part.</summary>
    private static void AddMessages(VsockPacketBuilder builder)
    {
        VsockEndpoint client = new(2, 1025);
        VsockEndpoint server = new(3, 5001);
        builder.Type = VirtioVsockHeader.SeqpacketType;
        builder.Add(client, server, VirtioVsockOperation.Request, Buffer);
        builder.Add(server, client, VirtioVsockOperation.Response, Buffer);
        builder.Add(
            server,
            client,
            VirtioVsockOperation.ReadWrite,
            Buffer,
            0,
            1,
            "a message of 23 bytes.\n"u8.ToArray(),
            85
        );
        builder.Add(server, client, VirtioVsockOperation.ReadWrite, Buffer, 0, 3, "and a record\n"u8.ToArray());
        builder.Type = VirtioVsockHeader.StreamType;
    }

    /// <summary>A connection whose beginning was not captured.</summary>
    private static void AddReset(VsockPacketBuilder builder)
    {
        VsockEndpoint client = new(3, 40_001);
        VsockEndpoint server = new(2, 1026);
        builder.Add(client, server, VirtioVsockOperation.ReadWrite, Buffer, 100, 0, "late"u8.ToArray());
        builder.Add(server, client, VirtioVsockOperation.Reset);
    }
}
