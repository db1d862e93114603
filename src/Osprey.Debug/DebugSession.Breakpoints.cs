using Osprey.Debug.Breakpoints;
using Osprey.Session.Guests;
using Osprey.Session.Guests.Stacks;
using Osprey.Target;
using Osprey.Target.Execution;
using Osprey.Values;
using Osprey.Values.Expressions;
using Osprey.Values.Printing;

namespace Osprey.Debug;

// Two kinds of breakpoints live side by side. A front end such as gdb has its own and inserts only addresses (Insert,
// Remove): each stop there is told. A DebugBreakpoint is the session's: a stop that its conditions do not let count is
// never told, the guest goes on at once. Both may stand at one address, which is in the guest once.
//
// A hit costs a stop, the registers of one vCPU, what the conditions read, a step of that vCPU past the place, and the
// way on. The breakpoint stays in the guest all the time, and the other vCPUs stand still during the step: none misses
// it.

/// <content>Breakpoints with conditions.</content>
public sealed partial class DebugSession
{
    private static readonly TimeSpan s_lookInterval = TimeSpan.FromMilliseconds(500);

    /// <summary>Most bytes that are compared to tell which program is at a place.</summary>
    private const int MaxBytes = 64;

    private readonly List<DebugBreakpoint> _breakpoints = [];
    private readonly HashSet<Breakpoint> _raw = [];
    private int _lastNumber;
    private TimeSpan _lookInterval = s_lookInterval;

    /// <summary>Tells of a hit of a breakpoint that logs: the breakpoint, the thread, and the text.</summary>
    public event Action<DebugBreakpoint, DebugThread, string>? Logged;

    /// <summary>The breakpoints, in the order in which they were added.</summary>
    public IReadOnlyList<DebugBreakpoint> Breakpoints => _breakpoints;

    /// <summary>
    /// Tells whether a guest that runs is stopped for moments to look for the places of breakpoints that have none yet.
    /// They are always looked for when it stops.
    /// </summary>
    public bool LooksWhileRunning { get; set; }

    /// <summary>The number of hits that did not count, in all.</summary>
    public long PassedHits { get; private set; }

    /// <summary>Adds a breakpoint. One whose place is not known yet waits for it.</summary>
    /// <exception cref="TargetException">
    /// It can't be inserted: there are no more of the kind, the guest runs, it can never have a place, or none of its
    /// stops could ever count (<see cref="Check"/>).
    /// </exception>
    public DebugBreakpoint Add(BreakpointSettings settings)
    {
        Check(settings);
        var added = new DebugBreakpoint(_lastNumber + 1, settings);
        try
        {
            Resolve(added);
        }
        catch
        {
            Withdraw(added);
            throw;
        }

        _lastNumber++;
        _breakpoints.Add(added);
        return added;
    }

    /// <summary>
    /// Makes sure that stops of a breakpoint can count, as far as that can be seen now; changes nothing. The guest must
    /// stand still.
    /// </summary>
    /// <exception cref="TargetException">
    /// Its vCPU is not there, or its condition has a mistake: it names what is not there, at none of the places.
    /// </exception>
    public void Check(BreakpointSettings settings)
    {
        GuestSession.RequireCpu(Guest.Target, settings.Cpu);
        if (
            settings is { Condition: { } condition, Location: not BreakpointLocation.Data }
            && FindMistake(settings, condition) is { } mistake
        )
            throw new TargetException(
                TargetProblem.NotAnswered,
                $"the condition '{condition}' can't be computed: {mistake}"
            );
    }

    /// <summary>Finds the mistake of a condition that has one at each place; null when it may be computed.</summary>
    private string? FindMistake(BreakpointSettings settings, string condition)
    {
        IReadOnlyList<Symbols.CodePlace> places = BreakpointResolver.Resolve(Guest, settings).Places;
        string? mistake = null;
        try
        {
            GuestThread context = Guest.GetCpu(settings.Cpu ?? 0);
            foreach (Symbols.CodePlace place in places)
            {
                IVariableScope scope = context.WithCurrent(context.ImagineFrame(place.Address).Scope);
                if (ValueExpression.FindMistake(condition, context.Values, scope) is not { } found)
                    return null;

                mistake ??= found.Message;
            }
        }
        catch (TargetException)
        {
            return null; // without paging or registers, nothing can be said yet
        }

        return mistake;
    }

    /// <summary>Removes a breakpoint; does nothing when it was removed.</summary>
    /// <exception cref="TargetException">The guest runs, or can't be reached any more.</exception>
    public void Remove(DebugBreakpoint breakpoint)
    {
        _breakpoints.Remove(breakpoint);
        Withdraw(breakpoint);
    }

    /// <summary>Looks for the places of breakpoints that have none yet. The guest must stand still.</summary>
    /// <returns>The breakpoints that have places now.</returns>
    /// <exception cref="TargetException">One can't be inserted.</exception>
    public IReadOnlyList<DebugBreakpoint> ResolvePending()
    {
        if (!_breakpoints.Any(one => one.IsPending))
            return [];

        Guest.Refresh();
        (_view, _current) = (null, null);
        _onCpu.Clear();
        var found = new List<DebugBreakpoint>();
        foreach (DebugBreakpoint breakpoint in _breakpoints)
        {
            if (breakpoint.IsPending && Resolve(breakpoint))
                found.Add(breakpoint);
        }

        return found;
    }

    private bool Resolve(DebugBreakpoint breakpoint)
    {
        (IReadOnlyList<Symbols.CodePlace> places, IReadOnlyList<Breakpoint> points) = BreakpointResolver.Resolve(
            Guest,
            breakpoint.Settings
        );
        breakpoint.Problem =
            places.Count > 0 ? null : $"'{breakpoint.Settings.Location}' is not known in the guest now";
        foreach (Breakpoint point in points)
        {
            Execution.Insert(point);
            breakpoint.Inserted.Add(point);
        }

        breakpoint.Places = places;
        return places.Count > 0;
    }

    private void Withdraw(DebugBreakpoint breakpoint)
    {
        Breakpoint[] points = [.. breakpoint.Inserted];
        breakpoint.Inserted.Clear();
        foreach (Breakpoint point in points)
        {
            if (!IsWanted(point))
                Execution.Remove(point);
        }
    }

    private bool IsWanted(Breakpoint point) =>
        _raw.Contains(point) || _breakpoints.Any(one => one.Inserted.Contains(point));

    /// <summary>Decides whether a stop at breakpoints is told.</summary>
    /// <returns>Null when the guest goes on.</returns>
    private DebugStop? Judge(StopEvent stop)
    {
        if (stop.Reason is not (StopReason.Breakpoint or StopReason.Watchpoint) || stop.Address is not ulong address)
            return Tell(stop);

        DebugBreakpoint? told = null;
        string? problem = null;
        bool isOurs = false;
        foreach (DebugBreakpoint breakpoint in _breakpoints)
        {
            if (!breakpoint.Inserted.Exists(point => IsAt(point, stop.Reason, address)))
                continue;

            isOurs = true;
            if (told is null && Counts(breakpoint, stop.Cpu ?? 0, address, out problem))
                told = breakpoint;
        }

        if (!isOurs || told is not null || _raw.Any(point => IsAt(point, stop.Reason, address)))
            return Tell(stop) with { Breakpoint = told, Problem = problem };

        PassedHits++;
        return null;
    }

    private static bool IsAt(Breakpoint point, StopReason reason, ulong address) =>
        reason == StopReason.Breakpoint
            ? point.IsInstruction && point.Address == address
            : !point.IsInstruction && address >= point.Address && address - point.Address < (ulong)point.Size;

    private bool HasBytes(int cpu, ulong address, ReadOnlySpan<byte> expected)
    {
        Span<byte> found = stackalloc byte[MaxBytes];
        found = found[..Math.Min(expected.Length, MaxBytes)];
        return Guest.GetCpu(cpu).Memory.Read(address, found) == found.Length
            && expected[..found.Length].SequenceEqual(found);
    }

    private bool Counts(DebugBreakpoint breakpoint, int cpu, ulong address, out string? problem)
    {
        problem = null;
        BreakpointSettings settings = breakpoint.Settings;
        if (breakpoint.IsDisabled || (settings.Cpu is int wanted && wanted != cpu))
            return false;

        if (settings.Bytes.Length > 0 && !HasBytes(cpu, address, settings.Bytes.Span))
            return false;

        if (settings.Thread is { } choice && !(FindOnCpu(cpu) is { } runs && choice.Matches(runs)))
            return false;

        if (settings.Condition is { } condition)
        {
            try
            {
                Value value = Evaluate(breakpoint, cpu, address, $"!({condition})");
                if (value.TryGetInt64(out long isFalse) && isFalse != 0)
                    return false;

                problem = value.Problem is { } unread ? $"the condition '{condition}': {unread.Message}" : null;
            }
            catch (Exception failed) when (failed is ExpressionException or TargetException)
            {
                problem = $"the condition '{condition}': {failed.Message}";
            }
        }

        breakpoint.Hits++;
        if (settings.Hit?.IsMet(breakpoint.Hits) == false)
            return false;

        if (settings.Log is not { } log)
            return true;

        DebugThread thread = FindOnCpu(cpu) ?? Current;
        Logged?.Invoke(breakpoint, thread, log.Format(text => Describe(cpu, text)));
        return false;
    }

    /// <summary>
    /// Computes an expression where a vCPU is. Which variables it can name only depends on the place: where it names
    /// none, later hits need not look for the frame.
    /// </summary>
    private Value Evaluate(DebugBreakpoint breakpoint, int cpu, ulong address, string expression)
    {
        GuestThread context = Guest.GetCpu(cpu);
        if (breakpoint.NamesNoVariables.Contains(address))
            return context.Evaluate(expression);

        CpuFrame frame = context.ReadInnermostFrame();
        var scope = new WatchedScope(frame.Scope);
        Value value = ValueExpression.Evaluate(expression, frame.Values, context.WithCurrent(scope));
        if (!scope.HasFound)
            breakpoint.NamesNoVariables.Add(address);

        return value;
    }

    private string Describe(int cpu, string expression)
    {
        try
        {
            return ValueText.FormatInner(Guest.GetCpu(cpu).ReadInnermostFrame().Evaluate(expression));
        }
        catch (Exception failed) when (failed is ExpressionException or TargetException)
        {
            return $"<{failed.Message}>";
        }
    }
}
