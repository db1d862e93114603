using System.Text;
using Osprey.Binary.Elf;
using Osprey.Binary.Elf.Symbols;
using Osprey.Symbols.Modules;
using Osprey.Traces.Model;

namespace Osprey.Session.Traces.Names;

/// <summary>Looks for a trace's tracepoints among the data symbols of an ELF file.</summary>
internal static class TracepointObjects
{
    private const string Prefix = "trace_";

    /// <summary>Counts the tracepoints whose key lies in the file, and those that have their own name there.</summary>
    /// <returns>Zeros when the file has no symbol of any tracepoint: it is stripped, and nothing can be said.</returns>
    public static (int Keys, int Named) Match(ElfImage image, LoadBias bias, IEnumerable<Tracepoint> tracepoints)
    {
        var byAddress = new Dictionary<ulong, Tracepoint>();
        foreach (Tracepoint tracepoint in tracepoints)
        {
            ulong linkAddress = bias.ToLinkAddress(tracepoint.Key);
            if (linkAddress >= image.LowestLinkAddress && linkAddress < image.HighestLinkAddress)
                byAddress[linkAddress] = tracepoint;
        }

        // Tracepoints are seldom exported: the dynamic symbols, all that a stripped file has, tell nothing.
        ElfSymbolTable symbols = image.ReadSymbols(ElfSectionType.SymbolTable);
        var named = new HashSet<ulong>();
        bool hasTracepoints = false;
        for (int i = 1; i < symbols.Count; i++)
        {
            ElfSymbol symbol = symbols[i];
            if (symbol.Type != ElfSymbolType.Object || !symbol.IsInSection)
                continue;

            ReadOnlySpan<byte> name = symbols.GetNameBytes(symbol.NameOffset);
            hasTracepoints |= name.IndexOf("trace_"u8) >= 0;
            if (byAddress.TryGetValue(symbol.LinkAddress, out Tracepoint? tracepoint) && IsNameOf(name, tracepoint))
                named.Add(symbol.LinkAddress);
        }

        return hasTracepoints ? (byAddress.Count, named.Count) : (0, 0);
    }

    /// <summary>Tells whether a symbol is <c>trace_NAME</c>, plain, or mangled (of a namespace or file).</summary>
    private static bool IsNameOf(ReadOnlySpan<byte> symbol, Tracepoint tracepoint)
    {
        byte[] plain = Encoding.UTF8.GetBytes(Prefix + tracepoint.Name.Replace(' ', '_'));
        if (symbol.SequenceEqual(plain))
            return true;

        if (!symbol.StartsWith("_Z"u8))
            return false;

        ReadOnlySpan<byte> rest = symbol.EndsWith("E"u8) && symbol.StartsWith("_ZN"u8) ? symbol[..^1] : symbol;
        byte[] mangled = Encoding.UTF8.GetBytes($"{plain.Length}{Encoding.UTF8.GetString(plain)}");
        return rest.EndsWith(mangled);
    }
}
