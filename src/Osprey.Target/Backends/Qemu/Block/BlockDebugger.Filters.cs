namespace Osprey.Target.Backends.Qemu.Block;

// A filter is put in with blockdev-add and a reopening of the format's node that gives it another file. blockdev-reopen
// sets every option that it is not given to its default, and QEMU does not say which were given; nor does it take a
// node whose name QEMU made up. The monitor's qemu-io has a reopen of its own that keeps all options, and takes such
// nodes. One setting is kept beside the options, detect-zeroes, and is given again.

/// <content>Filters: put in, given rules, taken out.</content>
public sealed partial class BlockDebugger
{
    /// <summary>Puts a blkdebug filter between a drive's format and its file. The guest need not stop.</summary>
    /// <param name="driveName">The drive.</param>
    /// <returns>The filter's node; null when the drive had one before.</returns>
    /// <exception cref="TargetException">There is no such drive, or QEMU can't put one in while it runs.</exception>
    /// <exception cref="IOException">It can't be noted; nothing was done.</exception>
    public string? Insert(string driveName)
    {
        BlockGraph graph = ReadGraph();
        BlockDrive drive = graph.FindDrive(driveName);
        if (graph.FindFilter(drive) is not null)
            return null;

        var filter = BlockFilter.Create(drive.Name, []);
        ChangeGraph($"no filter can be put into {drive.Name}", () => Insert(graph, drive, filter));
        return filter.Node;
    }

    /// <summary>
    /// Makes requests of a drive fail. Rules are fixed when a filter is opened, so that another filter, with this rule
    /// and those before, takes the place of the one that is there; breakpoints are set again.
    /// </summary>
    /// <param name="driveName">The drive.</param>
    /// <param name="rule">The rule.</param>
    /// <returns>The drive.</returns>
    /// <exception cref="TargetException">
    /// There is no such drive or event, a request is suspended, the filter is not ours, or QEMU can't do it.
    /// </exception>
    /// <exception cref="IOException">It can't be noted; nothing was done.</exception>
    public BlockDrive Inject(string driveName, InjectRule rule)
    {
        BlockGraph graph = ReadGraph();
        BlockDrive drive = graph.FindDrive(driveName);
        RequireEvent(rule.Event);
        if (rule.StateEvent is { } at)
            RequireEvent(at);

        if (graph.FindFilter(drive) is not { } old)
        {
            ChangeGraph(
                $"no filter can be put into {drive.Name}",
                () => Insert(graph, drive, BlockFilter.Create(drive.Name, [rule]))
            );
            return drive;
        }

        if (!BlockFilter.IsOurs(old))
            throw new TargetException(
                $"drive {drive.Name} has a blkdebug filter ({old.Name}) that osprey did not put in: its rules are fixed"
            );

        IReadOnlyList<InjectRule> rules =
            _journal.Read().Filters.FirstOrDefault(item => item.Node == old.Name)?.Rules ?? [];
        ChangeGraph(
            $"no rule can be added to {drive.Name}",
            () =>
            {
                TakeOut(drive, old);
                BlockGraph without = ReadGraph();
                BlockDrive bare = without.FindDrive(drive.Node!.Name);
                Insert(without, bare, BlockFilter.Create(drive.Name, [.. rules, rule]));
            }
        );
        return drive;
    }

    /// <summary>
    /// Takes a filter out again that Osprey put in, whichever program did; requests that it holds go on before. Where
    /// the drive has none, filters that are left over in no drive are taken away.
    /// </summary>
    /// <param name="driveName">The drive.</param>
    /// <returns>False when the drive had none.</returns>
    /// <exception cref="TargetException">
    /// There is no such drive, the filter is not ours, or QEMU can't take it out.
    /// </exception>
    public bool Remove(string driveName)
    {
        BlockGraph graph = ReadGraph();
        BlockDrive drive = graph.FindDrive(driveName);
        if (graph.FindFilter(drive) is not { } filter)
        {
            BlockNode[] unused = [.. graph.FindUnusedFilters()];
            foreach (BlockNode node in unused)
                Delete(node.Name);

            _journal.Change(noted =>
                noted with
                {
                    Filters = [.. noted.Filters.Where(item => item.Drive != drive.Name)],
                    Breakpoints = [.. noted.Breakpoints.Where(item => item.Drive != drive.Name)],
                }
            );
            return unused.Length > 0;
        }

        if (!BlockFilter.IsOurs(filter))
            throw new TargetException(
                $"drive {drive.Name} has a blkdebug filter ({filter.Name}) that osprey did not put in: it stays"
            );

        LetGo(item => item.Drive == drive.Name || item.Drive.Length == 0);
        ChangeGraph($"the filter of {drive.Name} can't be taken out", () => TakeOut(drive, filter));
        return true;
    }

    /// <summary>The command line to start a QEMU with whose drive has a filter from the start.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="drive">The drive.</param>
    public static string DescribeStart(BlockGraph graph, BlockDrive drive)
    {
        string format = drive.Node?.Driver ?? "qcow2";
        string file = (
            graph.FindNode(drive.Node?.FindChild("file"))?.FileName ?? drive.Node?.FileName ?? "FILE"
        ).Replace(",", ",,", StringComparison.Ordinal);
        return $"-blockdev driver=file,node-name=file0,filename={file} "
            + "-blockdev driver=blkdebug,node-name=debug0,image=file0 "
            + $"-blockdev driver={format},node-name=disk0,file=debug0 -device virtio-blk-pci,drive=disk0";
    }

    /// <summary>
    /// Changes the graph while no breakpoint is set: QEMU waits for the requests that are under way, and would for ever
    /// if one of them came to one.
    /// </summary>
    private void ChangeGraph(string otherwise, Action change)
    {
        RequireNoneSuspended(otherwise);
        BlockGraph graph = ReadGraph();
        IReadOnlyList<BlockBreakpoint> set = _journal.Read().Breakpoints;
        foreach (BlockBreakpoint breakpoint in set)
        {
            if (FindPlace(graph, breakpoint) is { } drive)
                _qmp.RunIo(drive.Address, $"remove_break {breakpoint.QemuTag}");
        }

        try
        {
            change();
        }
        catch
        {
            try
            {
                SetAgain(set);
            }
            catch (TargetException)
            {
                // What went wrong before says more.
            }

            throw;
        }

        SetAgain(set);
    }

    private void SetAgain(IReadOnlyList<BlockBreakpoint> breakpoints)
    {
        if (breakpoints.Count == 0)
            return;

        BlockGraph graph = ReadGraph();
        foreach (BlockBreakpoint breakpoint in breakpoints)
        {
            if (FindPlace(graph, breakpoint) is { } drive)
                Set(drive, breakpoint);
        }
    }

    private static BlockDrive? FindPlace(BlockGraph graph, BlockBreakpoint breakpoint) =>
        graph.Drives.FirstOrDefault(drive =>
            drive.Name == breakpoint.Drive && drive.Address.Length > 0 && graph.FindFilter(drive) is not null
        );

    private void Insert(BlockGraph graph, BlockDrive drive, BlockFilter filter)
    {
        BlockNode format = drive.Node ?? throw new TargetException($"drive {drive.Name} has no medium");
        string file =
            format.FindChild("file")
            ?? throw new TargetException(
                $"the node of drive {drive.Name} ({format.Driver}) has no file below it to put a filter before"
            );
        _journal.Change(noted => noted.With(filter));
        bool isAdded = false;
        try
        {
            _qmp.Execute(
                "blockdev-add",
                writer =>
                {
                    writer.WriteString("driver", "blkdebug");
                    writer.WriteString("node-name", filter.Node);
                    writer.WriteString("image", file);
                    InjectRule.WriteAll(writer, filter.Rules);
                }
            );
            isAdded = true;
            Reopen(format, filter.Node);
        }
        catch (TargetException exception) when (exception.Problem == TargetProblem.CommandFailed)
        {
            if (isAdded)
                Delete(filter.Node);
            else
                Forget(filter.Node);

            throw new TargetException(
                TargetProblem.BlockFilterRefused,
                $"QEMU puts no filter into {drive.Name} while it runs: {exception.Message}",
                exception
            )
            {
                Names = [DescribeStart(graph, drive)],
            };
        }
    }

    private void TakeOut(BlockDrive drive, BlockNode filter)
    {
        string file =
            filter.FindChild("image")
            ?? throw new TargetException($"the filter {filter.Name} has no file below it, as far as QEMU says");
        Reopen(drive.Node!, file);
        Delete(filter.Name);
    }

    /// <summary>Gives a format's node another file, and makes sure that it has it.</summary>
    private void Reopen(BlockNode format, string file)
    {
        string zeroes = format.DetectZeroes is { } set and not "off" ? $",detect-zeroes={set}" : "";
        _qmp.RunIo(format.Name, $"reopen -o file={file}{zeroes}");
        if (ReadGraph().FindNode(format.Name)?.FindChild("file") != file)
            throw new TargetException(
                TargetProblem.CommandFailed,
                $"QEMU did not give {format.Name} the file {file}, and does not say why"
            );
    }

    private void Delete(string node)
    {
        _qmp.Execute("blockdev-del", writer => writer.WriteString("node-name", node));
        Forget(node);
    }

    private void Forget(string node) => _journal.Change(noted => noted.WithoutFilter(node));
}
