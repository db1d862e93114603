using System.Globalization;
using Osprey.Binary;
using Osprey.Symbols;
using Osprey.Target;
using Osprey.Target.Memory;

namespace Osprey.Guests.Linux.Symbols;

/// <summary>
/// Reads a kernel's symbols from a text with a line for each, "ffffffff81000000 T _text": <c>System.map</c>, which has
/// the addresses that the kernel was linked for, or a copy of <c>/proc/kallsyms</c>, which has those of one boot, and
/// the modules' behind.
/// </summary>
internal static class SymbolText
{
    private const int MaxLines = 4 << 20;
    private const int MaxLine = 1024;
    private const int AddressDigits = 16;
    private const string Banner = "linux_banner";

    /// <summary>Tells whether a text begins like one.</summary>
    public static bool IsOne(ReadOnlySpan<char> text)
    {
        int end = text.IndexOf('\n');
        return end > 0 && TryParse(text[..end], out _);
    }

    /// <summary>Reads one.</summary>
    /// <param name="reader">The text.</param>
    /// <param name="name">Its name, for errors.</param>
    /// <exception cref="BadDataException">A line is malformed, or there are too many.</exception>
    public static List<TableSymbol> Read(TextReader reader, string name)
    {
        List<TableSymbol> symbols = [];
        long offset = 0;
        while (reader.ReadLine() is { } line)
        {
            if (symbols.Count == MaxLines)
                throw new BadDataException(name, offset, $"more than {MaxLines} symbols");

            if (line.Length > MaxLine || !TryParse(line, out TableSymbol symbol))
                throw new BadDataException(
                    name,
                    offset,
                    "expected a line of an address, a letter and a name, such as 'ffffffff81000000 T _text'"
                );

            symbols.Add(symbol);
            offset += line.Length + 1;
        }

        return symbols;
    }

    /// <summary>Moves the symbols to where the kernel runs, and checks that they are its own.</summary>
    /// <param name="symbols">The symbols.</param>
    /// <param name="name">The file's name.</param>
    /// <param name="memory">The kernel's memory.</param>
    /// <param name="image">The address at which its image starts.</param>
    /// <param name="acceptsAny">Whether they are taken without the check.</param>
    /// <exception cref="TargetException">They are another kernel's, or have no addresses.</exception>
    public static SymbolTextTable Place(
        IReadOnlyList<TableSymbol> symbols,
        string name,
        IMemoryReader memory,
        ulong image,
        bool acceptsAny
    )
    {
        if (symbols.All(symbol => symbol.Address == 0))
            throw new TargetException(
                TargetProblem.NotUnderstood,
                $"{name}: all addresses are 0: the kernel hid them from who copied it (kptr_restrict)"
            );

        ulong? start = Find(symbols, "_text") ?? Find(symbols, "_stext");
        ulong bias = start is { } text ? unchecked(image - (text & ~0xfffUL)) : 0;
        byte[] expected = "Linux version "u8.ToArray();
        byte[] found = new byte[expected.Length];
        bool isChecked =
            Find(symbols, Banner) is { } banner
            && memory.TryRead(unchecked(banner + bias), found)
            && found.AsSpan().SequenceEqual(expected);
        if (!isChecked && !acceptsAny)
            throw new TargetException(
                TargetProblem.OtherBuild,
                $"{name} is not of what runs in the guest: " + $"the kernel's version is not at its symbol {Banner}"
            );

        return new SymbolTextTable([
            .. symbols.Select(symbol =>
                symbol.Module is null && symbol.Address >= LinuxDetector.ImageRangeStart
                    ? symbol with
                    {
                        Address = unchecked(symbol.Address + bias),
                    }
                    : symbol
            ),
        ]);
    }

    private static ulong? Find(IReadOnlyList<TableSymbol> symbols, string name)
    {
        foreach (TableSymbol symbol in symbols)
        {
            if (symbol.Name == name)
                return symbol.Address;
        }

        return null;
    }

    private static bool TryParse(ReadOnlySpan<char> line, out TableSymbol symbol)
    {
        symbol = default;
        line = line.TrimEnd();
        const int NameStart = AddressDigits + 3;
        if (
            line.Length <= NameStart
            || line[AddressDigits] != ' '
            || !(char.IsAsciiLetter(line[AddressDigits + 1]) || line[AddressDigits + 1] == '?')
            || line[AddressDigits + 2] != ' '
            || !ulong.TryParse(
                line[..AddressDigits],
                NumberStyles.AllowHexSpecifier,
                CultureInfo.InvariantCulture,
                out ulong address
            )
        )
            return false;

        ReadOnlySpan<char> name = line[NameStart..];
        string? module = null;
        if (name.IndexOf('\t') is > 0 and int tab && name[^1] == ']' && name[tab + 1] == '[')
        {
            module = name[(tab + 2)..^1].ToString();
            name = name[..tab];
        }

        symbol = new TableSymbol(name.ToString(), address, 0) { Module = module };
        return true;
    }
}
