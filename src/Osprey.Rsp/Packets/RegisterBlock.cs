using System.Buffers.Binary;
using Osprey.Rsp.Framing;

namespace Osprey.Rsp.Packets;

/// <summary>
/// The reply to <c>g</c>: register values one after another, from the lowest number on, in the target's byte order.
/// </summary>
public sealed class RegisterBlock
{
    private readonly Dictionary<int, byte[]> _values = [];

    private RegisterBlock() { }

    /// <summary>Parses a reply.</summary>
    /// <param name="reply">The reply to <c>g</c>.</param>
    /// <param name="description">The registers and their sizes. A reply may end before the last one.</param>
    /// <returns>
    /// The values. A register is left out when the reply ends before it, or has <c>xx</c> for a byte that the stub does
    /// not know.
    /// </returns>
    /// <exception cref="RspException">The reply is not hex.</exception>
    internal static RegisterBlock Parse(ReadOnlySpan<byte> reply, TargetDescription description)
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

    /// <summary>
    /// Gets a register's bytes in the target's order; null when the reply does not have it.
    /// </summary>
    public byte[]? ReadBytes(TargetRegister register) =>
        _values.TryGetValue(register.Number, out byte[]? bytes) ? [.. bytes] : null;

    /// <summary>
    /// Reads a little-endian register of up to 64 bits; null when the reply does not have it, or it is larger.
    /// </summary>
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
