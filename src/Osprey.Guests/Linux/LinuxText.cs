using System.Text;
using Osprey.Target.Memory;

namespace Osprey.Guests.Linux;

/// <summary>Reads texts of the kernel's.</summary>
internal static class LinuxText
{
    private const int MaxLength = 4096;
    private const int MaxName = 256;
    private const int Piece = 64;

    /// <summary>Reads a text that ends with a zero byte; null when it can't be read, or is too long.</summary>
    public static string? Read(IMemoryReader memory, ulong address)
    {
        if (!LinuxStruct.IsKernelAddress(address))
            return null;

        byte[] text = new byte[MaxLength];
        for (int length = 0; length < MaxLength; length += Piece)
        {
            ulong place = unchecked(address + (ulong)length);
            int count = place < address ? 0 : memory.Read(place, text.AsSpan(length, Piece));
            int end = text.AsSpan(length, count).IndexOf((byte)0);
            if (end >= 0)
                return Encoding.UTF8.GetString(text, 0, length + end);

            if (count < Piece)
                return null;
        }

        return null;
    }

    /// <summary>Reads a text of a known length; null when it can't be read, or is too long.</summary>
    public static string? Read(IMemoryReader memory, ulong address, ulong length)
    {
        if (!LinuxStruct.IsKernelAddress(address) || length > MaxLength || address > ulong.MaxValue - length)
            return null;

        byte[] text = new byte[(int)length];
        return memory.TryRead(address, text) ? Encoding.UTF8.GetString(text) : null;
    }

    /// <summary>Reads a short name that ends with a zero byte; null when there is none that can be shown.</summary>
    /// <param name="memory">The kernel's memory.</param>
    /// <param name="address">Its address; null for none.</param>
    /// <param name="limit">The most bytes that it can have.</param>
    public static string? ReadName(IMemoryReader memory, ulong? address, int limit = MaxName)
    {
        if (address is not { } start || start == 0)
            return null;

        Span<byte> bytes = stackalloc byte[MaxName];
        bytes = bytes[..Math.Min(limit, MaxName)];
        bytes = bytes[..memory.Read(start, bytes)];
        int end = bytes.IndexOf((byte)0);
        if (end < 0 && bytes.Length < limit)
            return null;

        bytes = end < 0 ? bytes : bytes[..end];
        foreach (byte letter in bytes)
        {
            if (letter is < (byte)' ' or 0x7f)
                return null;
        }

        return Encoding.UTF8.GetString(bytes);
    }
}
