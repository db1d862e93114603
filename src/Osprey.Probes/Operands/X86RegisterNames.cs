using System.Globalization;

namespace Osprey.Probes.Operands;

/// <summary>The names of x86's registers and of their parts, with DWARF numbers of the System V ABIs.</summary>
internal static class X86RegisterNames
{
    /// <summary>The DWARF number of x86-64's program counter.</summary>
    public const int ProgramCounter64 = 16;

    private const int FirstVector64 = 17;
    private const int FirstVector32 = 21;

    /// <summary>The numbers that x86-64 and 32-bit x86 give to the eight old registers.</summary>
    private static readonly (string Name, int Number64, int Number32)[] s_old =
    [
        ("ax", 0, 0),
        ("dx", 1, 2),
        ("cx", 2, 1),
        ("bx", 3, 3),
        ("si", 4, 6),
        ("di", 5, 7),
        ("bp", 6, 5),
        ("sp", 7, 4),
    ];

    /// <summary>Finds a register by its name without %; null when there is none.</summary>
    public static ProbeOperand.Register? Find(ReadOnlySpan<char> name, bool is64Bit)
    {
        if (name.StartsWith("xmm") && TryNumber(name[3..], 31, out int vector) && (is64Bit ? vector < 16 : vector < 8))
            return new ProbeOperand.Register(vector + (is64Bit ? FirstVector64 : FirstVector32), 16, 0);

        if (is64Bit && name.StartsWith("r") && name.Length > 1 && char.IsAsciiDigit(name[1]))
            return FindNew(name[1..]);

        foreach ((string old, int number64, int number32) in s_old)
        {
            int number = is64Bit ? number64 : number32;
            if (name.SequenceEqual(old))
                return new ProbeOperand.Register(number, 2, 0);

            if (name.Length == 3 && name[1..].SequenceEqual(old))
            {
                if (name[0] == 'e')
                    return new ProbeOperand.Register(number, 4, 0);

                if (name[0] == 'r' && is64Bit)
                    return new ProbeOperand.Register(number, 8, 0);
            }

            if (old[1] == 'x' && name.Length == 2 && name[0] == old[0] && (name[1] is 'l' or 'h'))
                return new ProbeOperand.Register(number, 1, name[1] == 'h' ? 8 : 0);

            // sil, dil, bpl and spl, which only x86-64 has.
            if (old[1] != 'x' && is64Bit && name.Length == 3 && name[..2].SequenceEqual(old) && name[2] == 'l')
                return new ProbeOperand.Register(number, 1, 0);
        }

        return null;
    }

    /// <summary>Finds r8 to r15 and their parts: r8d, r8w, r8b.</summary>
    private static ProbeOperand.Register? FindNew(ReadOnlySpan<char> name)
    {
        int size = name[^1] switch
        {
            'd' => 4,
            'w' => 2,
            'b' or 'l' => 1,
            _ => 8,
        };
        ReadOnlySpan<char> digits = size == 8 ? name : name[..^1];
        return TryNumber(digits, 15, out int number) && number >= 8 ? new ProbeOperand.Register(number, size, 0) : null;
    }

    private static bool TryNumber(ReadOnlySpan<char> text, int highest, out int number) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number)
        && number <= highest
        && text.Length <= 2;
}
