using Osprey.Symbols.Types.Variables;
using Osprey.Target.Unwinding;
using Osprey.Values.Expressions;

namespace Osprey.Values.Frames;

/// <summary>
/// The variables of every frame of a stack. Debug info is read for the frames that are asked for, and where a value at
/// a function's entry is wanted, for those that called them.
/// </summary>
/// <param name="space">
/// What values are read from: the memory that the stack is in, and the modules with their ranges.
/// </param>
/// <param name="backtrace">The stack.</param>
public sealed class StackScopes(ValueSpace space, Backtrace backtrace)
{
    private readonly (FrameExpressionContext Context, IReadOnlyList<DebugScope> Scopes)?[] _frames = new (
        FrameExpressionContext Context,
        IReadOnlyList<DebugScope> Scopes
    )?[backtrace.Frames.Count];

    /// <summary>
    /// Finds the names of a frame: variables where debug info knows the function, else the registers alone.
    /// </summary>
    /// <param name="frame">The frame's index in the backtrace.</param>
    /// <param name="inlined">Which of the functions there: 0 for the innermost inlined one.</param>
    public IVariableScope Find(int frame, int inlined) =>
        (IVariableScope?)FindFunction(frame, inlined) ?? new RegisterScope(space, backtrace.Frames[frame].Registers);

    /// <summary>The variables of a function in a frame; null when debug info knows no such function there.</summary>
    /// <inheritdoc cref="Find"/>
    public FrameScope? FindFunction(int frame, int inlined)
    {
        (FrameExpressionContext context, IReadOnlyList<DebugScope> scopes) = GetFrame(frame);
        return inlined < scopes.Count ? new FrameScope(space, scopes[inlined], context) : null;
    }

    private (FrameExpressionContext Context, IReadOnlyList<DebugScope> Scopes) GetFrame(int index)
    {
        if (_frames[index] is { } known)
            return known;

        StackFrame frame = backtrace.Frames[index];
        ulong address = frame.Address.Lookup;
        ValueModule? module = space.Modules.FirstOrDefault(module => address >= module.Start && address < module.End);
        IReadOnlyList<DebugScope> scopes = module?.Types.FindScopes(module.Bias.ToLinkAddress(address)) ?? [];
        DebugScope? function = scopes.Count > 0 ? scopes[^1] : null;
        var context = new FrameExpressionContext(frame, space.Memory, module?.Bias ?? default)
        {
            FrameBase = function?.FrameBase,
            Function = function?.Function,
            FindCaller = () => index + 1 < _frames.Length ? GetFrame(index + 1).Context : null,
            ThreadLocals = module?.ThreadLocals,
        };
        var found = (context, scopes);
        _frames[index] = found;
        return found;
    }
}
