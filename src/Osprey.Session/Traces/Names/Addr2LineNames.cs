using Osprey.Symbols;

namespace Osprey.Session.Traces.Names;

/// <summary>Shows what is unknown of an ELF file's frames as addr2line does, which the reference passes on.</summary>
internal sealed class Addr2LineNames(ISymbolSource source) : ISymbolSource
{
    public bool TryResolve(ulong address, List<SymbolFrame> frames)
    {
        int start = frames.Count;
        if (!source.TryResolve(address, frames))
            return false;

        for (int i = start; i < frames.Count; i++)
        {
            SymbolFrame frame = frames[i];
            frames[i] = frame with { Name = frame.Name ?? "??", File = frame.File ?? "??" };
        }

        return true;
    }
}
