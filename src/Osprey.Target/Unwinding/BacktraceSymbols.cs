using Osprey.Symbols;
using Osprey.Symbols.Modules;

namespace Osprey.Target.Unwinding;

/// <summary>Puts names to backtraces, and the functions that were inlined.</summary>
/// <param name="symbolizer">Names, and where the modules are.</param>
public sealed class BacktraceSymbols(Symbolizer symbolizer)
{
    private readonly List<SymbolFrame> _found = [];

    /// <summary>The rows to show for a backtrace, innermost first; at least one for each frame.</summary>
    public IReadOnlyList<BacktraceRow> Expand(Backtrace backtrace)
    {
        var rows = new List<BacktraceRow>(backtrace.Frames.Count * 2);
        for (int i = 0; i < backtrace.Frames.Count; i++)
        {
            StackFrame frame = backtrace.Frames[i];
            ulong address = frame.Address.Value;
            Module? module = symbolizer.Modules.Find(frame.Address.Lookup);
            ulong offset = module is null ? 0 : unchecked(address - module.Start);
            _found.Clear();
            if (!symbolizer.TryResolve(frame.Address.Lookup, _found))
                _found.Add(new SymbolFrame(address, null));

            for (int inlined = 0; inlined < _found.Count; inlined++)
            {
                SymbolFrame symbol = _found[inlined];
                rows.Add(
                    new BacktraceRow(
                        rows.Count,
                        i,
                        inlined,
                        address,
                        symbol.Name,
                        symbol.IsInlined,
                        symbol.File,
                        symbol.Line,
                        module?.Path,
                        offset,
                        frame.Origin
                    )
                );
            }
        }

        return rows;
    }
}
