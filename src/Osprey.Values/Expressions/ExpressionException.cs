namespace Osprey.Values.Expressions;

/// <summary>An expression cannot be parsed, or its value cannot be computed.</summary>
/// <param name="message">The text that says what is wrong; gdb's text where gdb has one.</param>
/// <param name="position">The position in the expression, in characters from its start.</param>
public sealed class ExpressionException(string message, int position) : Exception(message)
{
    /// <summary>The position in the expression, in characters from its start.</summary>
    public int Position { get; } = position;

    /// <summary>
    /// Tells whether it is surely the expression that is wrong, whatever the guest's memory and registers hold: its
    /// syntax, or a name that does not exist.
    /// </summary>
    public bool IsMistake { get; internal init; }
}
