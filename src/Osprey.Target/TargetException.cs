namespace Osprey.Target;

/// <summary>A guest can't be reached, or not in the way that was asked for.</summary>
/// <param name="message">What happened, and to which guest.</param>
/// <param name="advice">What the user can type or change to get there; null when there is nothing.</param>
/// <param name="inner">What it came from; null when it was found out here.</param>
public sealed class TargetException(string message, string? advice = null, Exception? inner = null)
    : Exception(message, inner)
{
    /// <summary>What the user can type or change to get there; null when there is nothing.</summary>
    public string? Advice { get; } = advice;
}
