namespace Osprey.Probes;

/// <summary>Something that was asked of probes can't be done: the message says what and why.</summary>
public sealed class ProbeException : Exception
{
    /// <param name="message">What can't be done, and why.</param>
    public ProbeException(string message)
        : base(message) { }

    /// <param name="message">What can't be done, and why.</param>
    /// <param name="inner">What failed.</param>
    public ProbeException(string message, Exception inner)
        : base(message, inner) { }
}
