using Osprey.Symbols.Types;
using Osprey.Symbols.Types.Variables;
using Osprey.Target.Unwinding;
using Osprey.Values.Expressions;

namespace Osprey.Values.Frames;

/// <summary>The variables of a function, inlined or not, in a frame.</summary>
/// <param name="space">What values are read from.</param>
/// <param name="function">The function whose variables are visible.</param>
/// <param name="frame">
/// The frame as expressions see it, with the frame base of the function that was compiled by itself (the last of
/// <see cref="ITypeSource.FindScopes"/>), which inlined ones share.
/// </param>
public sealed class FrameScope(ValueSpace space, DebugScope function, FrameExpressionContext frame) : IVariableScope
{
    /// <inheritdoc/>
    public string? FunctionName => function.Name;

    /// <inheritdoc/>
    public IEnumerable<string> VariableNames => function.Variables.Select(variable => variable.Name);

    /// <summary>The parameters and variables with their values, parameters first, then innermost block first.</summary>
    public IEnumerable<(DebugVariable Variable, Value Value)> Variables =>
        function.Variables.Select(variable => (variable, VariableReader.Read(space, frame, variable)));

    /// <inheritdoc/>
    public Value? FindVariable(string name)
    {
        // Parameters are listed first but are outside of all blocks: a local of the same name hides them.
        DebugVariable? found = null;
        foreach (DebugVariable variable in function.Variables)
        {
            if (variable.Name != name)
                continue;

            found = variable;
            if (!variable.IsParameter)
                break;
        }

        return found is null ? null : VariableReader.Read(space, frame, found);
    }

    /// <inheritdoc/>
    public Value? FindRegister(string name) => RegisterValues.Find(space, frame.Frame.Registers, name);
}
