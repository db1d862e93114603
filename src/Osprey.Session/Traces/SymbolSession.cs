using System.Globalization;
using Osprey.Symbols;

namespace Osprey.Session.Traces;

/// <summary>The sources of names that the user asked for, open.</summary>
public sealed class SymbolSession : IDisposable
{
    private SymbolSession(ISymbolSource? source) => Source = source;

    /// <summary>Where names come from; null when nothing is to be resolved.</summary>
    public ISymbolSource? Source { get; }

    public static SymbolSession Open(SymbolSettings settings, TraceSession trace)
    {
        if (settings.NoResolve || !settings.UseSymbolsFile)
            return new SymbolSession(null);

        return new SymbolSession(new TemporarySymbols(trace.Path + ".symbols"));
    }

#pragma warning disable CA1822
    public void Report(Action<string> write)
    {
    }

    public void Dispose()
    {
    }

    private sealed class TemporarySymbols : ISymbolSource
    {
        private readonly Dictionary<ulong, SymbolFrame> _frames = [];

        public TemporarySymbols(string path)
        {
            foreach (string line in File.ReadLines(path))
            {
                string[] parts = line.Split(' ', 4, StringSplitOptions.RemoveEmptyEntries);
                if (parts.Length < 4) continue;
                ulong address = ulong.Parse(parts[0].AsSpan(2), NumberStyles.HexNumber);
                _frames[address] = new SymbolFrame(address, parts[3], parts[1], parts[2] == "<?>" ? null : int.Parse(parts[2]));
            }
        }

        public bool TryResolve(ulong address, List<SymbolFrame> frames)
        {
            if (!_frames.TryGetValue(address, out SymbolFrame frame)) return false;
            frames.Add(frame);
            return true;
        }
    }
}
