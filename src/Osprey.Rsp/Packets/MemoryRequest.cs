using System.Buffers.Text;

namespace Osprey.Rsp.Packets;

/// <summary>The packet <c>m address,length</c>: reads memory, all of the range or an error.</summary>
/// <param name="Address">The first byte.</param>
/// <param name="Length">How many bytes; at most half of the stub's packet size.</param>
public readonly record struct MemoryRequest(ulong Address, int Length)
{
    /// <summary>The most bytes that <see cref="Write"/> needs.</summary>
    public const int MaxSize = 1 + 16 + 1 + 8;

    /// <summary>Writes the packet's body; returns its length.</summary>
    public int Write(Span<byte> body)
    {
        body[0] = (byte)'m';
        _ = Utf8Formatter.TryFormat(Address, body[1..], out int address, new System.Buffers.StandardFormat('x'));
        body[1 + address] = (byte)',';
        _ = Utf8Formatter.TryFormat(
            Length,
            body[(2 + address)..],
            out int length,
            new System.Buffers.StandardFormat('x')
        );
        return 2 + address + length;
    }
}
