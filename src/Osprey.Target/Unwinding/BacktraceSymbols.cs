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
            int count = Add(rows, i, 0, frame.Address, frame.Origin);
            if (i + 1 < backtrace.Frames.Count && backtrace.Frames[i + 1].Address is { IsReturnAddress: true } caller)
            {
                foreach (TailCall jump in symbolizer.FindTailCalls(caller.Value, frame.Address.Lookup))
                    count += Add(
                        rows,
                        i,
                        count,
                        new FrameAddress(jump.Address, jump.IsReturnAddress),
                        FrameOrigin.TailCall
                    );
            }
        }

        return rows;
    }

    /// <summary>Adds the rows of one function and those that were inlined there.</summary>
    /// <returns>Their number.</returns>
    private int Add(List<BacktraceRow> rows, int frame, int firstInlined, FrameAddress place, FrameOrigin origin)
    {
        ulong address = place.Value;
        Module? module = symbolizer.Modules.Find(place.Lookup);
        ulong offset = module is null ? 0 : unchecked(address - module.Start);
        _found.Clear();
        if (!symbolizer.TryResolve(place.Lookup, _found))
            _found.Add(new SymbolFrame(address, null));

        for (int inlined = 0; inlined < _found.Count; inlined++)
        {
            SymbolFrame symbol = _found[inlined];
            rows.Add(
                new BacktraceRow(
                    rows.Count,
                    frame,
                    firstInlined + inlined,
                    address,
                    symbol.Name,
                    symbol.IsInlined,
                    symbol.File,
                    symbol.Line,
                    module?.Path,
                    offset,
                    origin
                )
            );
        }

        return _found.Count;
    }
}
