using Osprey.Values;
using Osprey.Values.Expressions;

namespace Osprey.Session.Guests.Stacks;

/// <summary>One frame of a vCPU's stack, as expressions see it.</summary>
/// <param name="Values">The source of values: memory as that vCPU sees it.</param>
/// <param name="Scope">
/// The names that can be used: variables where debug info knows the function, and registers.
/// </param>
public sealed record CpuFrame(ValueSpace Values, IVariableScope Scope)
{
    /// <summary>The context whose thread has the name <c>current</c>; null for none.</summary>
    internal GuestThread? Context { get; init; }

    /// <summary>Computes an expression in this frame.</summary>
    /// <param name="text">The expression.</param>
    /// <exception cref="ExpressionException">It can't be computed.</exception>
    public Value Evaluate(string text) => ValueExpression.Evaluate(text, Values, Context?.WithCurrent(Scope) ?? Scope);
}
