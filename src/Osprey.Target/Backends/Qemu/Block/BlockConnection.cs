using System.Text.Json;
using Osprey.Target.Backends.Qemu.Processes;
using Osprey.Target.Backends.Qemu.Qmp;

namespace Osprey.Target.Backends.Qemu.Block;

/// <summary>
/// QMP of one QEMU, for changes of its block graph: connected when it is needed, and anew after it was lost.
/// </summary>
/// <param name="process">The QEMU.</param>
/// <param name="named">The socket that the user named; null for those that QEMU was told of.</param>
/// <param name="cancellation">The user's wish to end early, until <see cref="IgnoreCancellation"/>.</param>
internal sealed class BlockConnection(QemuProcess process, QmpEndpoint? named, CancellationToken cancellation)
    : IDisposable
{
    private static readonly TimeSpan s_connectTimeout = TimeSpan.FromSeconds(5);

    // Requests that are under way are waited for when the graph changes.
    private static readonly TimeSpan s_answerTimeout = TimeSpan.FromSeconds(30);

    private CancellationToken _cancellation = cancellation;
    private QmpClient? _client;
    private bool _wasConnected;

    /// <summary>Makes later waits end by their time limit alone, for taking back what was done.</summary>
    public void IgnoreCancellation()
    {
        _cancellation = CancellationToken.None;
        _client?.IgnoreCancellation();
    }

    /// <summary>Runs a command of QMP.</summary>
    /// <param name="command">Its name.</param>
    /// <param name="writeArguments">Writes the members of its arguments; null for none.</param>
    /// <exception cref="TargetException">QEMU refused it, can't be reached, or the connection is lost.</exception>
    public JsonElement Execute(string command, Action<Utf8JsonWriter>? writeArguments = null) =>
        Run(client => client.Execute(command, writeArguments));

    /// <summary>Runs a command of the human monitor's qemu-io, which says nothing when all is well.</summary>
    /// <param name="address">The drive or node, as qemu-io takes it.</param>
    /// <param name="command">qemu-io's command.</param>
    /// <exception cref="TargetException">As <see cref="Execute"/>, or the monitor said something.</exception>
    public void RunIo(string address, string command)
    {
        string said = Run(client => client.ExecuteHuman($"qemu-io {address} \"{command}\"")).Trim();
        if (said.Length > 0)
            throw new TargetException(TargetProblem.CommandFailed, $"QEMU refused qemu-io {command}: {said}");
    }

    /// <summary>Closes the connection, for others to use the socket, until the next command.</summary>
    public void Close()
    {
        _client?.Dispose();
        _client = null;
    }

    /// <inheritdoc/>
    public void Dispose() => Close();

    private TResult Run<TResult>(Func<QmpClient, TResult> command)
    {
        try
        {
            return command(_client ??= Connect());
        }
        catch (QmpException exception)
        {
            throw new TargetException(TargetProblem.CommandFailed, exception.Message, exception);
        }
        catch (TargetException exception) when (exception.Problem != TargetProblem.GuestEnded && !process.IsAlive())
        {
            Close();
            throw new TargetException(TargetProblem.GuestEnded, $"QEMU has ended (pid {process.ProcessId})", exception)
            {
                ProcessId = process.ProcessId,
            };
        }
        catch
        {
            // An answer may still be under way: the next command starts anew.
            Close();
            throw;
        }
    }

    private QmpClient Connect()
    {
        QmpClient? client = TryConnect(named, out QmpEndpoint? endpoint, out TargetException? problem);
        if (client is null && named is not null && _wasConnected)
            client = TryConnect(null, out endpoint, out _);

        if (client is null)
            throw problem!;

        try
        {
            if (named is not null)
                QmpFinder.RequireOf(client, endpoint!, process);

            if (_cancellation == CancellationToken.None)
                client.IgnoreCancellation();

            client.SetTimeout(s_answerTimeout);
            _wasConnected = true;
            return client;
        }
        catch
        {
            client.Dispose();
            throw;
        }
    }

    private QmpClient? TryConnect(QmpEndpoint? place, out QmpEndpoint? endpoint, out TargetException? problem) =>
        QmpFinder.Connect(process, place, s_connectTimeout, _cancellation, out endpoint, out problem);
}
