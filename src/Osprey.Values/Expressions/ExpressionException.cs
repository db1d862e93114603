namespace Osprey.Values.Expressions;

/// <summary>An expression that can't be understood, or not be computed.</summary>
/// <param name="message">What is wrong, as gdb words it where it has words.</param>
/// <param name="position">Where in the expression, in characters from its start.</param>
public sealed class ExpressionException(string message, int position) : Exception(message)
{
    /// <summary>Where in the expression, in characters from its start.</summary>
    public int Position { get; } = position;
}
