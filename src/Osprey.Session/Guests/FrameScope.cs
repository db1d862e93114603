using Osprey.Symbols.Types;
using Osprey.Target.Architectures.X64;
using Osprey.Target.Unwinding;
using Osprey.Values;
using Osprey.Values.Expressions;

namespace Osprey.Session.Guests;

/// <summary>What expressions can name in one frame of a vCPU's stack: its registers, and the variables of the function and of what was inlined there.</summary>
/// <param name="session">The guest.</param>
/// <param name="frame">The frame.</param>
/// <param name="module">The program that the frame's code is in; null when it is not known, so that only registers can be named.</param>
/// <param name="scopes">The functions at the frame's address, innermost first.</param>
/// <param name="context">Evaluates the locations of variables.</param>
public sealed class FrameScope(
    GuestSession session, StackFrame frame, GuestModule? module, IReadOnlyList<DebugScope> scopes, FrameExpressionContext? context) : IVariableScope
{
    /// <summary>The functions at the frame's address, innermost first.</summary>
    public IReadOnlyList<DebugScope> Scopes => scopes;

    /// <inheritdoc/>
    public Value? FindVariable(string name)
    {
        foreach (DebugScope scope in scopes)
        {
            foreach (DebugVariable variable in scope.Variables)
            {
                if (variable.Name == name || variable.Name.EndsWith("::" + name, StringComparison.Ordinal))
                    return Read(variable);
            }
        }

        return null;
    }

    /// <inheritdoc/>
    public bool TryReadRegister(X64Register register, out ulong value) => frame.Registers.TryGet(register, out value);

    /// <summary>The value of a variable of one of the scopes.</summary>
    public Value Read(DebugVariable variable) => context is null || module is null
        ? session.Values.Missing(variable.Type, ValueProblem.NotKnown("its program is not known"))
        : VariableReader.Read(session.Values, context, variable);
}
