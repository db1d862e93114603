namespace Osprey.Values.Expressions;

/// <summary>An expression cannot be parsed, or its value cannot be computed.</summary>
/// <param name="message">The text that says what is wrong; gdb's text where gdb has one.</param>
/// <param name="position">The position in the expression, in characters from its start.</param>
public sealed class ExpressionException(string message, int position) : Exception(message)
{
    /// <summary>The position in the expression, in characters from its start.</summary>
    public int Position { get; } = position;
}
