using Osprey.Target.Backends.Qemu.Processes;
using Osprey.Target.Backends.Qemu.Qmp;

namespace Osprey.Target.Backends.Qemu.Block;

/// <summary>
/// Puts blkdebug filters into the drives of a running guest, suspends requests of its format drivers at chosen points,
/// and makes requests fail.
/// </summary>
/// <remarks>
/// All that is put into QEMU is noted in a file first, so that a program that comes after a kill knows of it. The order
/// matters: changing the block graph makes QEMU wait for all requests that are under way, for ever for one that is
/// suspended, so that requests are let go before.
/// </remarks>
public sealed partial class BlockDebugger : IDisposable
{
    private readonly QemuProcess _process;
    private readonly BlockConnection _qmp;
    private readonly BlockJournal _journal;
    private readonly SuspendedRequests _suspended;
    private CancellationToken _cancellation;

    /// <param name="process">The QEMU.</param>
    /// <param name="qmp">The QMP socket that the user named; null for those that QEMU was told of.</param>
    /// <param name="cancellation">The user's wish to end early.</param>
    public BlockDebugger(QemuProcess process, QmpEndpoint? qmp, CancellationToken cancellation)
        : this(process, qmp, BlockJournal.Of(process), cancellation) { }

    internal BlockDebugger(QemuProcess process, QmpEndpoint? qmp, BlockJournal journal, CancellationToken cancellation)
    {
        _process = process;
        _qmp = new BlockConnection(process, qmp, cancellation);
        _journal = journal;
        _suspended = new SuspendedRequests(process);
        _cancellation = cancellation;
    }

    /// <summary>Makes later waits end by their time limit alone, for taking back what was done.</summary>
    public void IgnoreCancellation()
    {
        _cancellation = CancellationToken.None;
        _qmp.IgnoreCancellation();
    }

    /// <summary>Closes the connection to QMP, which one program alone can have, until it is needed again.</summary>
    public void ReleaseQmp() => _qmp.Close();

    /// <summary>Asks for the drives and nodes as they are now.</summary>
    /// <exception cref="TargetException">QEMU can't be asked.</exception>
    public BlockGraph ReadGraph() =>
        BlockGraph.Parse(
            _qmp.Execute("query-block"),
            _qmp.Execute("query-named-block-nodes"),
            _qmp.Execute("x-debug-query-block-graph")
        );

    /// <summary>Asks for the events that this QEMU has; empty when it does not say.</summary>
    /// <exception cref="TargetException">QEMU can't be asked.</exception>
    public IReadOnlyList<string> ReadEvents() => BlockEvents.ParseSchema(_qmp.Execute("query-qmp-schema"));

    /// <summary>Reads what Osprey put into this QEMU, and which requests are suspended.</summary>
    /// <exception cref="IOException">The file with the notes can't be read.</exception>
    /// <exception cref="OperationCanceledException">The user wishes to end early.</exception>
    public BlockStatus ReadStatus()
    {
        BlockJournalState noted = _journal.Read();
        IReadOnlySet<string>? suspended = null;
        string? problem = null;
        try
        {
            suspended = _suspended.Find(_cancellation);
        }
        catch (TargetException exception)
        {
            problem = exception.Message;
        }

        return BlockStatus.Join(noted, suspended, problem);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _qmp.Dispose();
        _suspended.Dispose();
    }

    /// <summary>Refuses to change the graph while a request is suspended: QEMU would wait for it for ever.</summary>
    private void RequireNoneSuspended(string what)
    {
        BlockStatus status = ReadStatus();
        string[] tags =
        [
            .. status
                .Breakpoints.Where(item => item.IsSuspended ?? true) // not known is no reason to try
                .Select(item => item.Breakpoint.Tag),
        ];
        if (tags.Length > 0)
            throw new TargetException(
                TargetProblem.RequestSuspended,
                $"{what}: "
                    + (
                        status.Problem is { } problem
                            ? $"requests may be suspended ({string.Join(", ", tags)}), and {problem}"
                            : $"a request is suspended ({string.Join(", ", tags)}), and QEMU would wait for it for ever"
                    )
            )
            {
                Names = tags,
            };
    }
}
