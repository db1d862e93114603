namespace Osprey.Values.Expressions;

/// <summary>
/// Evaluates expressions in the syntax of C and C++, as gdb's users write them. Nothing is ever written to the guest.
/// </summary>
/// <remarks>
/// Beyond C: <c>$register</c>, <c>first@count</c>, <c>array[from:to]</c>, <c>{type} address</c>, <c>file.c::name</c>,
/// <c>function::static</c>; <c>-></c>, <c>*</c> and <c>[]</c> on the standard library's pointers and containers. Calls
/// and assignments are refused.
/// </remarks>
public static class ValueExpression
{
    /// <summary>Longest expression in characters.</summary>
    private const int MaxLength = 10_000;

    /// <summary>
    /// The value of an expression. It may still be one that can't be read; that is said by its problem.
    /// </summary>
    /// <param name="text">The expression.</param>
    /// <param name="space">What values are read from, and where names are looked up.</param>
    /// <param name="scope">The frame whose variables and registers it can name; null for none.</param>
    /// <exception cref="ExpressionException">It can't be understood or computed.</exception>
    public static Value Evaluate(string text, ValueSpace space, IVariableScope? scope = null)
    {
        if (text.Length > MaxLength)
            throw new ExpressionException($"The expression is longer than {MaxLength} characters.", MaxLength);

        Node node = new Parser(text, new NameResolver(space, scope)).ParseAll();
        return new Evaluator(space, scope).Evaluate(node);
    }
}
