using Osprey.Dap.Protocol;

namespace Osprey.Dap;

/// <summary>Opens the guest that a client wishes to debug.</summary>
/// <param name="wish">The guest.</param>
/// <param name="cancellation">The wish to end early.</param>
/// <exception cref="Target.TargetException">It can't be reached.</exception>
public delegate Debuggee DebuggeeOpener(GuestWish wish, CancellationToken cancellation);

/// <summary>
/// A guest for editors that speak the Debug Adapter Protocol: its own threads, their stacks and variables, and, where
/// it can be steered, breakpoints and steps.
/// </summary>
/// <param name="open">Opens the guest that a client asks for.</param>
public sealed class DebugAdapter(DebuggeeOpener open)
{
    /// <summary>Serves one client until it leaves. The guest is left as it was found.</summary>
    /// <param name="input">The stream from the client; closed at the end.</param>
    /// <param name="output">The stream to the client; closed at the end, too.</param>
    /// <param name="cancellation">Ends it from this side.</param>
    public void Serve(Stream input, Stream output, CancellationToken cancellation)
    {
        using var connection = new DapConnection(input, output);
        using var conversation = new AdapterConversation(open, connection, cancellation);
        try
        {
            conversation.Run();
        }
        catch (IOException)
        {
            // The client is gone.
        }
        catch (OperationCanceledException)
        {
            // The program ends.
        }
    }
}
