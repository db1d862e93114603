using Osprey.Binary;
using Osprey.Binary.Elf;
using Osprey.Binary.Elf.Symbols;

namespace Osprey.Symbols.Index;

/// <summary>A symbol table by address: one symbol for each address that has any.</summary>
/// <remarks>
/// Of several symbols at one address the largest counts; of several of that size the last, since global symbols follow
/// local ones. A symbol can lie in the range of another one, as the system call in an old glibc's <c>read</c> does;
/// behind its end the outer one holds again.
/// </remarks>
internal sealed class SymbolTableIndex(ulong[] addresses, ulong[] sizes, uint[] names, uint[] files)
{
    /// <summary>Most symbols around one that are looked at; real ones have one or two.</summary>
    private const int MaxNesting = 64;

    private readonly int[] _outer = FindOuter(addresses, sizes);

    /// <summary>The link-time addresses, sorted.</summary>
    public ulong[] Addresses => addresses;

    /// <summary>The sizes in bytes; 0 when unknown.</summary>
    public ulong[] Sizes => sizes;

    /// <summary>The offsets of the names in the table's strings.</summary>
    public uint[] Names => names;

    /// <summary>The offsets of the names of local symbols' source or object files; 0 for all other symbols.</summary>
    public uint[] Files => files;

    /// <summary>Builds the index of a file's functions, objects and labels.</summary>
    public static SymbolTableIndex Build(ElfImage image, ElfSymbolTable symbols)
    {
        var entries = new ArrayBuilder<Entry>();
        uint file = 0;
        for (int i = 1; i < symbols.Count; i++)
        {
            ElfSymbol symbol = symbols[i];
            if (symbol.Type == ElfSymbolType.File)
                file = symbol.NameOffset;
            else if (IsWanted(image, symbols, symbol))
                entries.Add(
                    new Entry(
                        symbol.LinkAddress,
                        symbol.Size,
                        i,
                        symbol.NameOffset,
                        symbol.Binding == ElfSymbolBinding.Local ? file : 0
                    )
                );
        }

        Entry[] sorted = entries.ToArray();
        StableSort.Sort(sorted);
        int count = 0;
        for (int i = 0; i < sorted.Length; i++)
        {
            if (i + 1 == sorted.Length || sorted[i + 1].Address != sorted[i].Address)
                sorted[count++] = sorted[i];
        }

        ulong[] addresses = new ulong[count];
        ulong[] sizes = new ulong[count];
        uint[] names = new uint[count];
        uint[] files = new uint[count];
        for (int i = 0; i < count; i++)
        {
            addresses[i] = sorted[i].Address;
            sizes[i] = sorted[i].Size;
            names[i] = sorted[i].NameOffset;
            files[i] = sorted[i].FileOffset;
        }

        return new SymbolTableIndex(addresses, sizes, names, files);
    }

    /// <summary>
    /// Returns the index of the innermost symbol that covers a link-time address; -1 when none does. A symbol without a
    /// size reaches to the next one, as is meant in hand-written assembly.
    /// </summary>
    public int Find(ulong linkAddress)
    {
        int index = BinarySearch.FindLastNotAbove(addresses, linkAddress);
        return index < 0 || sizes[index] == 0 || linkAddress - addresses[index] < sizes[index]
            ? index
            : FindOuter(index, linkAddress);
    }

    /// <summary>
    /// Returns the index of the innermost symbol that starts before another one and covers a link-time address; -1 when
    /// none does.
    /// </summary>
    public int FindOuter(int index, ulong linkAddress)
    {
        for (int i = 0; i < MaxNesting && (index = _outer[index]) >= 0; i++)
        {
            if (linkAddress - addresses[index] < sizes[index])
                return index;
        }

        return -1;
    }

    /// <summary>
    /// Finds for each symbol the nearest one before it that covers its start; -1 where there is none. Those that end
    /// before it does are left out, since nothing behind it needs them.
    /// </summary>
    private static int[] FindOuter(ulong[] addresses, ulong[] sizes)
    {
        int[] outer = new int[addresses.Length];
        var open = new ArrayBuilder<int>();
        for (int i = 0; i < outer.Length; i++)
        {
            while (open.Count > 0 && !Covers(open[open.Count - 1], addresses[i]))
                open.RemoveLast();

            outer[i] = open.Count > 0 ? open[open.Count - 1] : -1;
            if (sizes[i] == 0)
                continue;

            while (open.Count > 0 && !Covers(open[open.Count - 1], unchecked(addresses[i] + sizes[i] - 1)))
                open.RemoveLast();

            open.Add(i);
        }

        return outer;

        bool Covers(int symbol, ulong address) => unchecked(address - addresses[symbol]) < sizes[symbol];
    }

    private static bool IsWanted(ElfImage image, ElfSymbolTable symbols, in ElfSymbol symbol)
    {
        if (
            symbol.Type
                is not (
                    ElfSymbolType.None
                    or ElfSymbolType.Function
                    or ElfSymbolType.Object
                    or ElfSymbolType.IndirectFunction
                )
            || !symbol.IsInSection
        )
        {
            return false;
        }

        if (
            symbol.SectionIndex < image.Sections.Count
            && (image.Sections[symbol.SectionIndex].Flags & ElfSectionFlags.Allocated) == 0
        )
        {
            return false;
        }

        // Assemblers and compilers make such names for themselves, for example for the strings of a file. Linkers that
        // keep relocations keep them.
        if (symbol.Binding == ElfSymbolBinding.Local && symbols.GetNameBytes(symbol.NameOffset).StartsWith(".L"u8))
            return false;

        // "$x" and "$d" only mark the starts of code and data.
        return symbol.Type != ElfSymbolType.None
            || image.Machine != ElfMachine.Arm64
            || !symbols.GetNameBytes(symbol.NameOffset).StartsWith("$"u8);
    }

    private readonly record struct Entry(ulong Address, ulong Size, int Order, uint NameOffset, uint FileOffset)
        : IComparable<Entry>
    {
        public int CompareTo(Entry other)
        {
            int order = Address.CompareTo(other.Address);
            if (order == 0)
                order = Size.CompareTo(other.Size);

            return order != 0 ? order : Order.CompareTo(other.Order);
        }
    }
}
