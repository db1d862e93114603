using System.Globalization;
using Osprey.Session.Guests.Scripts;
using Osprey.Target;
using Osprey.Target.Backends.Qemu.Block;

namespace Osprey.Session.Guests.Block;

/// <summary>
/// Carries out a script. However it ends, no request stays suspended that it suspended, and the filters that it put in
/// are taken out again; a lost connection to QEMU is made anew for that.
/// </summary>
/// <param name="script">The script.</param>
/// <param name="debugger">The drives' QEMU.</param>
/// <param name="guest">The guest of that QEMU, for steps that look into it; opened when such a step comes.</param>
/// <param name="report">Is told of each step as it begins, and of what was taken back.</param>
public sealed class BlockScriptRunner(
    BlockScript script,
    BlockDebugger debugger,
    GuestSettings guest,
    Action<string> report
)
{
    private readonly HashSet<string> _tags = [];
    private readonly HashSet<string> _drives = [];
    private HashSet<string> _others = [];

    /// <summary>Makes sure that the steps can be carried out, as far as that can be seen; changes nothing.</summary>
    /// <exception cref="ScriptException">A drive or an event is not there.</exception>
    /// <exception cref="TargetException">QEMU can't be asked.</exception>
    public void Check()
    {
        BlockGraph graph = debugger.ReadGraph();
        IReadOnlyList<string> events = debugger.ReadEvents();
        foreach (BlockStep step in script.Steps)
        {
            try
            {
                (string? drive, string?[] names) = step switch
                {
                    BlockStep.Insert insert => (insert.Drive, Array.Empty<string?>()),
                    BlockStep.Remove remove => (remove.Drive, []),
                    BlockStep.Break set => (set.Drive, [set.Event]),
                    BlockStep.Inject inject => (inject.Drive, [inject.Rule.Event, inject.Rule.StateEvent]),
                    _ => (null, []),
                };
                if (drive is not null)
                    graph.FindDrive(drive);

                if (names.FirstOrDefault(name => name is not null && !events.Contains(name)) is { } unknown)
                    throw new TargetException(TargetProblem.NoSuchBlockEvent, $"this QEMU has no event '{unknown}'");
            }
            catch (TargetException exception)
            {
                throw At(step, exception);
            }
        }
    }

    /// <summary>Carries out the steps.</summary>
    /// <param name="cancellation">The user's wish to end early.</param>
    /// <exception cref="ScriptException">A step failed, or something could not be taken back.</exception>
    /// <exception cref="OperationCanceledException">The user wishes to end early.</exception>
    public void Run(CancellationToken cancellation)
    {
        ScriptException? failed = null;
        BlockStep last = script.Steps[0];
        try
        {
            _others = [.. debugger.ReadStatus().Breakpoints.Select(item => item.Breakpoint.Tag)];
            foreach (BlockStep step in script.Steps)
            {
                cancellation.ThrowIfCancellationRequested();
                last = step;
                report(string.Create(CultureInfo.InvariantCulture, $"{step.Line}: {step.Text}"));
                Do(step, cancellation);
            }
        }
        catch (Exception exception) when (exception is TargetException or IOException)
        {
            failed = At(last, exception);
        }
        finally
        {
            bool hasEnded = failed?.InnerException is TargetException { Problem: TargetProblem.GuestEnded };
            if (!hasEnded && TakeBack() is { } left)
            {
                string problem = failed?.InnerException is { } first ? $"{first.Message}; " : "";
                failed = new ScriptException(
                    script.Path,
                    last.Line,
                    $"{problem}not all was taken back: {left}; osprey block list shows what is left",
                    failed
                );
                if (cancellation.IsCancellationRequested)
                    report(failed.Message);
            }
        }

        if (failed is not null)
            throw failed;
    }

    private void Do(BlockStep step, CancellationToken cancellation)
    {
        // A QMP socket serves one program at a time: while the script waits, it is left to others, and to the guest's
        // session, which asks for registers over it.
        if (step is BlockStep.Wait or BlockStep.Sleep or BlockStep.When)
            debugger.ReleaseQmp();

        switch (step)
        {
            case BlockStep.Insert insert:
                _drives.Add(insert.Drive); // first, too
                if (debugger.Insert(insert.Drive) is null)
                    _drives.Remove(insert.Drive);
                break;
            case BlockStep.Remove remove:
                debugger.Remove(remove.Drive);
                _drives.Remove(remove.Drive);
                break;
            case BlockStep.Break set:
                if (!_others.Contains(set.Tag)) // which is refused
                    _tags.Add(set.Tag); // first, as a try may go half the way

                debugger.Break(set.Drive, set.Event, set.Tag);
                break;
            case BlockStep.Wait wait:
                debugger.Wait(wait.Tag, wait.Timeout);
                break;
            case BlockStep.Resume resume:
                debugger.Resume(resume.Tag);
                _tags.Remove(resume.Tag);
                break;
            case BlockStep.Inject inject:
                _drives.Add(inject.Drive);
                debugger.Inject(inject.Drive, inject.Rule);
                break;
            case BlockStep.Sleep sleep:
                Pass(sleep.Time, cancellation);
                break;
            case BlockStep.When until:
                WaitFor(until, cancellation);
                break;
        }
    }

    private void WaitFor(BlockStep.When until, CancellationToken cancellation)
    {
        using GuestSession session = GuestSession.Open(guest, cancellation);
        until.Condition.Await(session, until.Timeout, time => Pass(time, cancellation), cancellation);
    }

    private static void Pass(TimeSpan time, CancellationToken cancellation)
    {
        if (cancellation.WaitHandle.WaitOne(time))
            cancellation.ThrowIfCancellationRequested();
    }

    /// <summary>Takes back all that the script did.</summary>
    /// <returns>The reason why something is left; null when nothing is.</returns>
    private string? TakeBack()
    {
        if (_tags.Count == 0 && _drives.Count == 0)
            return null;

        debugger.IgnoreCancellation();
        string? left = null;
        Try(() =>
        {
            foreach (BlockBreakpointStatus item in debugger.LetGo(breakpoint => _tags.Contains(breakpoint.Tag)))
                report(
                    item.IsSuspended == true
                        ? $"at the end: the request that {item.Breakpoint.Tag} held goes on"
                        : $"at the end: {item.Breakpoint.Tag} is taken out"
                );
        });
        foreach (string drive in _drives)
        {
            Try(() =>
            {
                if (debugger.Remove(drive))
                    report($"at the end: the filter of {drive} is taken out");
            });
        }

        return left;

        void Try(Action action)
        {
            try
            {
                action();
            }
            catch (TargetException exception) when (exception.Problem == TargetProblem.GuestEnded)
            {
                // With QEMU, all of it ended.
            }
            catch (Exception exception) when (exception is TargetException or IOException)
            {
                left ??= exception.Message;
            }
        }
    }

    private ScriptException At(BlockStep step, Exception exception) =>
        new(script.Path, step.Line, exception.Message, exception);
}
