using Osprey.Debug;
using Osprey.Rsp.Server;
using Osprey.Target;

namespace Osprey.GdbServer;

/// <summary>
/// A guest for debuggers that speak the GDB Remote Serial Protocol: its own threads, memory, registers, and, where it
/// can be steered, breakpoints and steps.
/// </summary>
/// <remarks>
/// Several debuggers may be connected. The first that finds nobody steering is the one that steers; the others look.
/// The guest stands still only while one steers, and runs when that one leaves, if it ran before.
/// </remarks>
public sealed class DebuggerServer : IDisposable
{
    private readonly Lock _gate = new();
    private GdbConversation? _steering;
    private readonly bool _wasRunning;

    /// <summary>Makes a server, and lets the guest run on if it ran.</summary>
    /// <param name="session">The guest; it stays the caller's.</param>
    /// <param name="wasRunning">Whether it ran when it was found.</param>
    /// <param name="runCommand">
    /// Runs a line of <c>monitor</c> in a debugger and gives its output; null for what is not one of ours. It is to end
    /// soon when it is cancelled, by the debugger's wish to stop or its end.
    /// </param>
    /// <exception cref="TargetException">The guest can't be let run.</exception>
    public DebuggerServer(
        DebugSession session,
        bool wasRunning,
        Func<string, CancellationToken, string?>? runCommand = null
    )
    {
        Session = session;
        _wasRunning = wasRunning;
        RunCommand = runCommand ?? ((_, _) => null);
        Programs = new ServedPrograms(session.Guest);
        lock (_gate)
        {
            // The file of a kernel that is only in memory needs registers, so that the guest must stand still; and gdb
            // waits two seconds for an answer, and is out of step when it comes later.
            _ = Programs.KernelPath;
            session.LetGo(wasRunning);
        }
    }

    /// <summary>The guest.</summary>
    internal DebugSession Session { get; }

    /// <summary>Its programs.</summary>
    internal ServedPrograms Programs { get; }

    /// <summary>Runs a line of <c>monitor</c>.</summary>
    internal Func<string, CancellationToken, string?> RunCommand { get; }

    /// <summary>Held while the guest is asked anything: it is used from one thread at a time.</summary>
    internal Lock Gate => _gate;

    /// <summary>The reason why debuggers are given no file of the kernel; null when there is none.</summary>
    public string? KernelProblem => Programs.KernelProblem;

    /// <summary>Serves one debugger until it leaves.</summary>
    /// <param name="connection">The connection; it is closed at the end.</param>
    /// <param name="isLocal">
    /// Whether the debugger is on this host. It then reads the files of the guest's programs itself, which is faster;
    /// others are handed them.
    /// </param>
    /// <param name="cancellation">
    /// Ends it from this side. The guest is then not touched any more: whoever reached it leaves it.
    /// </param>
    /// <exception cref="TargetException">The guest can't be reached any more.</exception>
    public void Serve(RspServerConnection connection, bool isLocal, CancellationToken cancellation)
    {
        using (connection)
        using (var conversation = new GdbConversation(this, connection, isLocal))
        {
            try
            {
                lock (_gate)
                    Begin(conversation);

                conversation.Run(cancellation);
            }
            catch (IOException)
            {
                // The debugger is gone.
            }
            catch (OperationCanceledException)
            {
                // The server ends.
            }
            finally
            {
                // When the server ends, its owner leaves the guest as it was found; two at once would disturb each
                // other.
                if (!cancellation.IsCancellationRequested)
                {
                    lock (_gate)
                        End(conversation);
                }
            }
        }
    }

    /// <summary>Removes the temporary file of a kernel, if one was made.</summary>
    public void Dispose() => Programs.Dispose();

    private void Begin(GdbConversation conversation)
    {
        if (!Session.CanSteer)
        {
            Session.LookAgain();
            return;
        }

        if (_steering is not null)
            return;

        _steering = conversation;
        conversation.Steers = true;
        Session.Stop();
        Session.LookAgain();
    }

    private void End(GdbConversation conversation)
    {
        if (_steering != conversation)
            return;

        _steering = null;
        Session.LetGo(_wasRunning, conversation.HasResumed);
    }
}
