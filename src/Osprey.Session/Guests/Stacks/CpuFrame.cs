using Osprey.Values;
using Osprey.Values.Expressions;

namespace Osprey.Session.Guests.Stacks;

/// <summary>One frame of a vCPU's stack, as expressions see it.</summary>
/// <param name="Values">What values are read from: memory as that vCPU sees it.</param>
/// <param name="Scope">What can be named: variables where debug info knows the function, and registers.</param>
public sealed record CpuFrame(ValueSpace Values, IVariableScope Scope)
{
    /// <summary>Computes an expression in this frame.</summary>
    /// <param name="text">The expression.</param>
    /// <exception cref="ExpressionException">It can't be computed.</exception>
    public Value Evaluate(string text) => ValueExpression.Evaluate(text, Values, Scope);
}
