using Osprey.Symbols;

namespace Osprey.Tests.Traces.Toy;

/// <summary>Names for the addresses 10, 20, ... whose return addresses are one more.</summary>
internal sealed class ToySymbols : ISymbolSource
{
    private static readonly string[] s_names = ["probe", "glue", "wait<a, b>", "work", "entry", "boot"];

    public bool TryResolve(ulong address, List<SymbolFrame> frames)
    {
        if (address % 10 != 0 || address / 10 is 0 or > 6)
            return false;

        frames.Add(new SymbolFrame(address, s_names[(int)(address / 10) - 1]));
        return true;
    }
}
