using Osprey.Debug;
using Osprey.Session.Guests;
using Osprey.Session.Guests.Stacks;
using Osprey.Symbols;
using Osprey.Target.Unwinding;
using Osprey.Values;
using Osprey.Values.Expressions;
using Osprey.Values.Frames;

namespace Osprey.Dap.Stops;

/// <summary>The stack of a thread at one stop, with the variables of its frames.</summary>
internal sealed class ThreadStack
{
    private readonly CpuStack _stack;
    private readonly StackScopes _scopes;

    private ThreadStack(DebugThread thread, GuestThread context, CpuStack stack, Symbolizer symbols)
    {
        Thread = thread;
        _stack = stack;
        Values = context.Values;
        Rows = new BacktraceSymbols(symbols).Expand(stack.Backtrace);
        _scopes = new StackScopes(Values, stack.Backtrace);
    }

    /// <summary>The thread.</summary>
    public DebugThread Thread { get; }

    /// <summary>The source of values.</summary>
    public ValueSpace Values { get; }

    /// <summary>The frames, functions that were inlined among them.</summary>
    public IReadOnlyList<BacktraceRow> Rows { get; }

    /// <summary>Reads the stack; null when the thread's registers are nowhere.</summary>
    /// <exception cref="Target.TargetException">It can't be read.</exception>
    public static ThreadStack? Read(GuestSession guest, DebugThread thread) =>
        thread.FindContext() is { } context && context.TryReadRegisters() is not null
            ? new ThreadStack(
                thread,
                context,
                new GuestStacks(guest).Read(context, UnwinderOptions.Default),
                guest.Symbols
            )
            : null;

    /// <summary>The registers of a frame.</summary>
    public Target.Architectures.RegisterSet GetRegisters(int row) =>
        _stack.Backtrace.Frames[Rows[row].FrameIndex].Registers;

    /// <summary>The names that expressions can use in a frame.</summary>
    public IVariableScope GetScope(int row) => _scopes.Find(Rows[row].FrameIndex, Rows[row].InlineIndex);

    /// <summary>The variables of a frame; null when debug info knows none.</summary>
    public FrameScope? FindVariables(int row) => _scopes.FindFunction(Rows[row].FrameIndex, Rows[row].InlineIndex);
}
