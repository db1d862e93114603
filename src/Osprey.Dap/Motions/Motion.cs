using Osprey.Debug;

namespace Osprey.Dap.Motions;

/// <summary>Something that the guest was let run for, until a stop that the client is told of.</summary>
internal abstract class Motion
{
    /// <summary>Lets the guest run, also after it was stopped for a moment to be asked something.</summary>
    /// <returns>The stop, when it is there already.</returns>
    public abstract DebugStop? Start();

    /// <summary>Goes on for a moment.</summary>
    /// <returns>The stop at the end; null while it goes on.</returns>
    public abstract DebugStop? Poll(TimeSpan slice);

    /// <summary>Takes note of a stop that came while the guest was asked something.</summary>
    /// <returns>The stop to tell of; null when it goes on.</returns>
    public abstract DebugStop? Judge(DebugStop stop);

    /// <summary>Gives it up, with the guest standing still.</summary>
    public virtual void Abandon() { }
}
