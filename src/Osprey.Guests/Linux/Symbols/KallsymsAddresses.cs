using System.Buffers.Binary;

namespace Osprey.Guests.Linux.Symbols;

/// <summary>
/// The addresses of the symbols. Kernels have them in different places and forms; of those that can be read, the one is
/// right whose addresses fit what is in memory.
/// </summary>
/// <remarks>
/// Before 6.4 they are in front of the number of symbols, since then behind the tokens. Since 4.6 they are
/// <c>kallsyms_offsets</c>, 4 bytes each, and <c>kallsyms_relative_base</c>, which is relocated when the kernel was
/// moved; before, or when it was so built, <c>kallsyms_addresses</c>, 8 bytes each, all relocated. Where per-CPU
/// variables are linked from 0 on (x86 before 6.15), offsets from 0 up are addresses by themselves, and negative ones
/// mean <c>base - 1 - offset</c>; else all are unsigned distances from the base. The newest kernels (such as 7.2) have
/// no base: there, each offset is the distance from its own place in the table.
/// </remarks>
internal static class KallsymsAddresses
{
    private const uint MaxTextStart = 4 << 20;

    /// <summary>Reads them.</summary>
    /// <returns>Null when none of the forms fits what is in memory.</returns>
    public static ulong[]? Read(LinuxImage image, KallsymsTable table, ulong countAddress, ulong tokensEnd)
    {
        uint count = (uint)table.Count;
        uint offsetsSize = (uint)KallsymsTokens.AlignUp(count * sizeof(uint), 8);
        return Accept(ReadOffsets(image, count, tokensEnd, tokensEnd + offsetsSize))
            ?? Accept(ReadOffsets(image, count, countAddress - 8 - offsetsSize, countAddress - 8))
            ?? Accept(ReadAll(image, count, countAddress - (count * sizeof(ulong))))
            ?? Accept(ReadAll(image, count, tokensEnd))
            ?? Accept(ReadDistances(image, count, tokensEnd));

        ulong[]? Accept(ulong[]? addresses) =>
            addresses is not null && IsPlausible(image, table, addresses) ? addresses : null;
    }

    private static ulong[]? ReadOffsets(LinuxImage image, uint count, ulong offsets, ulong baseAddress)
    {
        if (
            image.TryRead(baseAddress, sizeof(ulong)) is not { } start
            || image.TryRead(offsets, count * sizeof(int)) is not { } bytes
        )
            return null;

        ulong from = BinaryPrimitives.ReadUInt64LittleEndian(start);
        if (!image.Contains(from))
            return null;

        ulong[] addresses = new ulong[count];
        bool isSigned = false;
        for (int i = 0; i < addresses.Length && !isSigned; i++)
            isSigned = ReadInt32(bytes, i) < 0;

        for (int i = 0; i < addresses.Length; i++)
        {
            int offset = ReadInt32(bytes, i);
            addresses[i] =
                !isSigned ? unchecked(from + (uint)offset)
                : offset < 0 ? unchecked(from - 1 - (ulong)offset)
                : (ulong)offset;
        }

        return addresses;
    }

    private static ulong[]? ReadAll(LinuxImage image, uint count, ulong place)
    {
        if (image.TryRead(place, count * sizeof(ulong)) is not { } bytes)
            return null;

        ulong[] addresses = new ulong[count];
        for (int i = 0; i < addresses.Length; i++)
            addresses[i] = BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(i * sizeof(ulong)));

        return addresses;
    }

    private static ulong[]? ReadDistances(LinuxImage image, uint count, ulong place)
    {
        if (image.TryRead(place, count * sizeof(int)) is not { } bytes)
            return null;

        ulong[] addresses = new ulong[count];
        for (int i = 0; i < addresses.Length; i++)
            addresses[i] = unchecked(place + (ulong)(i * sizeof(int)) + (ulong)ReadInt32(bytes, i));

        return addresses;
    }

    private static int ReadInt32(byte[] bytes, int index) =>
        BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(index * sizeof(int)));

    /// <summary>
    /// True when the symbols that every kernel has are where the image is, the banner is where its symbol says, and the
    /// table is in order, as the kernel's own search needs it.
    /// </summary>
    private static bool IsPlausible(LinuxImage image, KallsymsTable table, ulong[] addresses)
    {
        for (int i = 1; i < addresses.Length; i++)
        {
            if (addresses[i] < addresses[i - 1])
                return false;
        }

        int start = table.Find("_text"u8) is >= 0 and int text ? text : table.Find("_stext"u8);
        int schedule = table.Find("schedule"u8);
        int banner = table.Find("linux_banner"u8);
        return start >= 0
            && addresses[start] - image.Start <= MaxTextStart
            && schedule >= 0
            && image.Contains(addresses[schedule])
            && (banner < 0 || image.StartsWith(addresses[banner], "Linux version "u8));
    }
}
