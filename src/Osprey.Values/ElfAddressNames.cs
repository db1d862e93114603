using Osprey.Binary.Demangling;
using Osprey.Binary.Elf;
using Osprey.Binary.Elf.Symbols;
using Osprey.Symbols.Modules;

namespace Osprey.Values;

/// <summary>Names addresses by the ELF symbols of one module, functions and variables.</summary>
/// <remarks>A symbol without a size reaches to the next one, or to the end of its section.</remarks>
internal sealed class ElfAddressNames : IAddressNames
{
    private readonly ElfImage _image;
    private readonly LoadBias _bias;
    private readonly Lazy<Sorted> _symbols;

    /// <summary>Makes the names of a module. Reads the symbols when the first name is requested.</summary>
    /// <param name="image">The module's file.</param>
    /// <param name="bias">The difference between the module's run-time and link-time addresses.</param>
    public ElfAddressNames(ElfImage image, LoadBias bias)
    {
        _image = image;
        _bias = bias;
        _symbols = new Lazy<Sorted>(() => new Sorted(image));
    }

    /// <inheritdoc/>
    public AddressName? Find(ulong address)
    {
        ulong linkAddress = _bias.ToLinkAddress(address);
        if (linkAddress < _image.LowestLinkAddress || linkAddress >= _image.HighestLinkAddress)
            return null;

        return _symbols.Value.Find(linkAddress) is { } symbol
            ? new AddressName(
                SymbolDemangler.Demangle(_symbols.Value.Table.GetName(symbol.NameOffset)),
                linkAddress - symbol.LinkAddress
            )
            : null;
    }

    private sealed class Sorted
    {
        private readonly ulong[] _addresses;
        private readonly ElfSymbol[] _symbols;
        private readonly IReadOnlyList<ElfSection> _sections;

        public Sorted(ElfImage image)
        {
            Table = image.ReadSymbols();
            _sections = image.Sections;
            var found = new List<ElfSymbol>();
            for (int i = 0; i < Table.Count; i++)
            {
                ElfSymbol symbol = Table[i];
                if (
                    symbol.IsInSection
                    && symbol.Type is ElfSymbolType.Function or ElfSymbolType.Object or ElfSymbolType.None
                    && Table.GetNameBytes(symbol.NameOffset).Length > 0
                )
                    found.Add(symbol);
            }

            // Of several symbols at one address the last one is used. So global symbols come after local ones, and
            // symbols with a type after labels.
            _symbols = [.. found.OrderBy(symbol => symbol.LinkAddress).ThenBy(Rank)];
            _addresses = Array.ConvertAll(_symbols, symbol => symbol.LinkAddress);
        }

        public ElfSymbolTable Table { get; }

        public ElfSymbol? Find(ulong linkAddress)
        {
            int index = Array.BinarySearch(_addresses, linkAddress);
            if (index < 0)
                index = ~index - 1;
            else
                while (index + 1 < _addresses.Length && _addresses[index + 1] == linkAddress)
                    index++;

            if (index < 0)
                return null;

            ElfSymbol symbol = _symbols[index];
            bool isBehind = symbol.Size > 0 && linkAddress - symbol.LinkAddress >= symbol.Size;
            return !isBehind && IsInSameSection(symbol, linkAddress) ? symbol : null;
        }

        private static int Rank(ElfSymbol symbol) =>
            (symbol.Binding == ElfSymbolBinding.Local ? 0 : 2) + (symbol.Type == ElfSymbolType.None ? 0 : 1);

        private bool IsInSameSection(in ElfSymbol symbol, ulong linkAddress)
        {
            if (symbol.SectionIndex >= _sections.Count)
                return false;

            ElfSection section = _sections[(int)symbol.SectionIndex];
            return linkAddress >= section.LinkAddress && linkAddress - section.LinkAddress < section.Size;
        }
    }
}
