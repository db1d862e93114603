namespace Osprey.Values.Expressions;

/// <summary>
/// Evaluates expressions in the syntax of C and C++, as gdb's users write them. No expression writes to the guest.
/// </summary>
/// <remarks>
/// Beyond C: <c>$register</c>, <c>first@count</c>, <c>array[from:to]</c>, <c>{type} address</c>, <c>file.c::name</c>,
/// <c>function::static</c>; <c>offsetof</c>, <c>container_of</c>, <c>list_of</c>, <c>hlist_of</c> and <c>rbtree_of</c>
/// for elements that are linked by members; <c>-></c>, <c>*</c> and <c>[]</c> on the standard library's pointers and
/// containers. Calls and assignments are refused.
/// </remarks>
public static class ValueExpression
{
    /// <summary>The longest expression, in characters.</summary>
    private const int MaxLength = 10_000;

    /// <summary>
    /// Computes the value of an expression. The value may be one that cannot be read; <see cref="Value.Problem"/> then
    /// says why.
    /// </summary>
    /// <param name="text">The expression.</param>
    /// <param name="space">The memory from which values are read, and the modules in which names are looked up.</param>
    /// <param name="scope">The frame whose variables and registers the expression may name; null for none.</param>
    /// <exception cref="ExpressionException">
    /// The expression is malformed, a name is unknown, or a value that it needs cannot be read.
    /// </exception>
    public static Value Evaluate(string text, ValueSpace space, IVariableScope? scope = null)
    {
        if (text.Length > MaxLength)
            throw new ExpressionException($"The expression is longer than {MaxLength} characters.", MaxLength);

        Node node = new Parser(text, new NameResolver(space, scope)).ParseAll();
        return new Evaluator(space, scope).Evaluate(node);
    }

    /// <summary>
    /// Finds a mistake that keeps an expression from ever being computed: in its syntax, or a name of a variable, type,
    /// register or member that does not exist. Values that can't be read now are none: they may be there later.
    /// </summary>
    /// <param name="text">The expression.</param>
    /// <param name="space">The memory, and the modules in which names are looked up.</param>
    /// <param name="scope">The frame whose variables and registers the expression may name; null for none.</param>
    /// <returns>The mistake; null when none is seen.</returns>
    public static ExpressionException? FindMistake(string text, ValueSpace space, IVariableScope? scope = null)
    {
        if (text.Length > MaxLength)
            return new ExpressionException($"The expression is longer than {MaxLength} characters.", MaxLength);

        Node node;
        try
        {
            node = new Parser(text, new NameResolver(space, scope)).ParseAll();
        }
        catch (ExpressionException mistake)
        {
            return mistake;
        }

        try
        {
            _ = new Evaluator(space, scope).Evaluate(node);
            return null;
        }
        catch (ExpressionException failed)
        {
            return failed.IsMistake ? failed : null;
        }
    }
}
