using System.Buffers.Binary;
using Osprey.Rsp.Framing;

namespace Osprey.Rsp.Packets;

/// <summary>
/// The reply to <c>g</c>: the values of the lowest registers one behind the other, in the target's byte order.
/// </summary>
public sealed class RegisterBlock
{
    private readonly Dictionary<int, byte[]> _values = [];

    private RegisterBlock() { }

    /// <summary>Takes a reply apart.</summary>
    /// <param name="reply">The reply to <c>g</c>.</param>
    /// <param name="description">The registers that it holds; those behind the reply's end are not in it.</param>
    /// <exception cref="RspException">
    /// It is no hex. A stub says <c>xx</c> for a byte that it does not know: that register is left out.
    /// </exception>
    public static RegisterBlock Parse(ReadOnlySpan<byte> reply, TargetDescription description)
    {
        var block = new RegisterBlock();
        foreach (TargetRegister register in description.Registers)
        {
            int digits = register.ByteSize * 2;
            if (digits > reply.Length)
                break;

            ReadOnlySpan<byte> text = reply[..digits];
            reply = reply[digits..];
            if (text.Contains((byte)'x'))
                continue;

            block._values[register.Number] =
                RspHex.Decode(text)
                ?? throw new RspException($"expected the value of {register.Name} in hex", "g", RspText.Excerpt(text));
        }

        return block;
    }

    /// <summary>A register of up to 64 bits, little-endian; null when the reply did not have it.</summary>
    public ulong? Read(TargetRegister register)
    {
        if (!_values.TryGetValue(register.Number, out byte[]? bytes) || bytes.Length > sizeof(ulong))
            return null;

        Span<byte> whole = stackalloc byte[sizeof(ulong)];
        whole.Clear();
        bytes.CopyTo(whole);
        return BinaryPrimitives.ReadUInt64LittleEndian(whole);
    }
}
