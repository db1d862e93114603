using System.Globalization;
using System.Text;

namespace Osprey.Rsp.Packets;

/// <summary>
/// The packet <c>M address,length:bytes</c>: writes memory, all of the range or an error. (QEMU does not know <c>X</c>,
/// which sends the bytes as they are.)
/// </summary>
internal static class MemoryWriteRequest
{
    /// <summary>The most bytes of a packet's body that are not data.</summary>
    public const int Overhead = 1 + 16 + 1 + 8 + 1;

    /// <summary>Makes the packet's body.</summary>
    /// <param name="address">The first byte's address.</param>
    /// <param name="bytes">The bytes.</param>
    public static byte[] Write(ulong address, ReadOnlySpan<byte> bytes) =>
        Encoding.ASCII.GetBytes(
            string.Create(
                CultureInfo.InvariantCulture,
                $"M{address:x},{bytes.Length:x}:{Convert.ToHexStringLower(bytes)}"
            )
        );
}
