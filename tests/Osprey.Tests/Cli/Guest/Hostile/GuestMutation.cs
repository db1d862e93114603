using System.Globalization;

namespace Osprey.Tests.Cli.Guest.Hostile;

/// <summary>Damages a core or an ELF file, most often where something decides what the rest means.</summary>
internal static class GuestMutation
{
    private const int PageSize = 4096;
    private const int ProgramSections = 0x1f88; // e_shoff of guest.elf

    private static readonly byte[] s_values = [0x00, 0x01, 0x7f, 0x80, 0xfe, 0xff];

    /// <summary>
    /// Changes a core of <see cref="SmallGuest"/>: its headers, notes, page tables, the kernel's variables, the stack,
    /// or anything.
    /// </summary>
    /// <returns>What was done.</returns>
    public static string ChangeCore(ref byte[] core, Random random)
    {
        int image = core.Length - SmallGuest.ReadImage().Length;
        int low = image - SmallGuest.LowSize;
        (int start, int end) = random.Next(8) switch
        {
            0 => (0, 64),
            1 => (64, 64 + 128 + (3 * 56)),
            2 => (64 + 128 + (3 * 56), low),
            3 => (low + PageSize, low + (12 * PageSize)),
            4 => (image, image + 0x300),
            5 => (image + 0x1000, image + 0x1120),
            6 => (image + 0x1800, image + 0x1b80),
            _ => (0, core.Length),
        };
        return Change(ref core, random, start, end, low);
    }

    /// <summary>
    /// Changes an ELF file: its header, section headers, or anything, which is mostly debug info and symbols.
    /// </summary>
    public static string ChangeProgram(ref byte[] program, Random random)
    {
        (int start, int end) = random.Next(6) switch
        {
            0 => (0, 64),
            1 => (64, 64 + (2 * 56)),
            2 => (ProgramSections, program.Length),
            3 => (0xb0, 0x2a0),
            _ => (0x1000, program.Length),
        };
        return "program " + Change(ref program, random, start, end, 0);
    }

    private static string Change(ref byte[] bytes, Random random, int start, int end, int firstPage)
    {
        switch (random.Next(20))
        {
            case 0:
                bytes = bytes[..random.Next(bytes.Length)];
                return string.Create(CultureInfo.InvariantCulture, $"cut to {bytes.Length}");
            case 1 or 2:
                int pages = Math.Max((bytes.Length - firstPage) / PageSize, 1);
                int page = random.Next(3) == 0 ? random.Next(Math.Min(pages, 8)) : random.Next(pages);
                int at = Math.Min(firstPage + (page * PageSize), Math.Max(bytes.Length - 1, 0));
                Span<byte> whole = bytes.AsSpan(at, Math.Min(PageSize, bytes.Length - at));
                int kind = random.Next(3);
                if (kind == 0)
                    random.NextBytes(whole);
                else
                    whole.Fill(kind == 1 ? (byte)0 : (byte)0xff);

                return string.Create(CultureInfo.InvariantCulture, $"page at {at} made kind {kind}");
            default:
                int count = random.Next(1, 21);
                for (int i = 0; i < count; i++)
                    ChangeOne(bytes, random, start, end);

                return string.Create(CultureInfo.InvariantCulture, $"{count} changes between {start} and {end}");
        }
    }

    private static void ChangeOne(byte[] bytes, Random random, int start, int end)
    {
        end = Math.Min(end, bytes.Length);
        if (start >= end)
            return;

        int at = random.Next(start, end);
        switch (random.Next(6))
        {
            case 0 or 1:
                bytes[at] = s_values[random.Next(s_values.Length)];
                break;
            case 2:
                bytes[at] ^= (byte)(1 << random.Next(8));
                break;
            case 3 when (at & ~7) + 8 <= bytes.Length:
                // A word that is an address, a count or near the end of one.
                at &= ~7;
                ulong word = random.Next(5) switch
                {
                    0 => 0,
                    1 => ulong.MaxValue - (ulong)random.Next(64),
                    2 => long.MaxValue,
                    3 => 0x40201000 + (ulong)random.Next(0x1000),
                    _ => 1UL << random.Next(64),
                };
                BitConverter.TryWriteBytes(bytes.AsSpan(at), word);
                break;
            default:
                bytes[at] = (byte)random.Next(256);
                break;
        }
    }
}
