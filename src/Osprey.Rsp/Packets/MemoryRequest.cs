using System.Buffers.Text;

namespace Osprey.Rsp.Packets;

/// <summary>The packet <c>m address,length</c>: reads a range of memory completely, or gives an error.</summary>
/// <param name="Address">The address of the first byte.</param>
/// <param name="Length">The number of bytes, at most half of the stub's packet size.</param>
internal readonly record struct MemoryRequest(ulong Address, int Length)
{
    /// <summary>The largest number of bytes that <see cref="Write"/> writes.</summary>
    public const int MaxSize = 1 + 16 + 1 + 8;

    /// <summary>Writes the packet's body and returns its length.</summary>
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
