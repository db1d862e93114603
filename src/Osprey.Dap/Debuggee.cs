using Osprey.Debug;

namespace Osprey.Dap;

/// <summary>A guest that a client debugs, as the program that serves the client has opened it.</summary>
/// <remarks>Disposing leaves the guest as it was found.</remarks>
public abstract class Debuggee : IDisposable
{
    /// <summary>The guest under the debugger.</summary>
    public abstract DebugSession Session { get; }

    /// <summary>Tells whether it ran when it was found.</summary>
    public abstract bool WasRunning { get; }

    /// <summary>Takes the notes for the user that were not told before.</summary>
    public virtual IEnumerable<string> TakeNotes() => [];

    /// <summary>Runs a command of the debug console.</summary>
    /// <param name="line">The line that the user typed.</param>
    /// <param name="thread">The thread that the user looks at; null for none.</param>
    /// <param name="cancellation">The user's wish to end it, or the end of the client.</param>
    /// <returns>What it printed; null when the line is no command.</returns>
    public virtual string? RunCommand(string line, DebugThread? thread, CancellationToken cancellation) => null;

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Leaves the guest.</summary>
    protected abstract void Dispose(bool disposing);
}
