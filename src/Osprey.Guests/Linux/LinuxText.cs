using System.Text;
using Osprey.Target.Memory;

namespace Osprey.Guests.Linux;

/// <summary>Reads texts of the kernel's.</summary>
internal static class LinuxText
{
    private const int MaxLength = 4096;
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
}
