using System.Diagnostics;
using System.Globalization;
using Osprey.Session.Guests;
using Osprey.Session.Guests.Code;
using Osprey.Session.Guests.Completion;
using Osprey.Session.Guests.Scripts;
using Osprey.Target;
using Osprey.Target.Architectures;
using Osprey.Target.Execution;
using Osprey.Values.Expressions;

namespace Osprey.Debug.Faults;

/// <summary>
/// Makes calls of functions fail: at its first instruction a function returns at once, with a value that was chosen.
/// </summary>
/// <remarks>
/// Only registers are written: the result, the stack pointer and the program counter. Between the steps of a script the
/// guest stands still; each step lets it run for as long as it takes, and calls fail meanwhile.
/// </remarks>
/// <param name="session">The guest, which stands still.</param>
public sealed class FaultInjector(DebugSession session)
{
    private static readonly TimeSpan s_slice = TimeSpan.FromMilliseconds(200);

    private readonly List<Fault> _faults = [];
    private readonly HashSet<Fault> _standing = [];
    private long _end;
    private DebugStop? _unexpected;
    private CancellationToken _cancellation;
    private string? _path;

    /// <summary>Tells of each step as it begins.</summary>
    public event Action<FaultStep>? Began;

    /// <summary>Tells of each call that will fail, before it does.</summary>
    public event Action<Fault, DebugStop>? Failing;

    /// <summary>All faults so far, those that ended included.</summary>
    public IReadOnlyList<Fault> Faults => _faults;

    /// <summary>Makes sure that a script can be carried out, as far as that can be seen; changes nothing.</summary>
    /// <exception cref="ScriptException">
    /// A function or a variable is not there; the message has file and line.
    /// </exception>
    /// <exception cref="TargetException">The same, for a script that is in no file.</exception>
    public void Check(FaultScript script)
    {
        foreach (FaultStep step in script.Steps)
        {
            Do(
                script,
                step,
                () =>
                {
                    if (step is FaultStep.Begin begin)
                        Check(begin.Rule);
                    else if (step is FaultStep.When { Condition: ValueCondition value })
                        _ = value.Holds(session.Guest, CancellationToken.None);
                }
            );
        }
    }

    private void Check(FaultRule rule)
    {
        _ = (ReadValue(rule), FindPlaces(rule));
        session.Check(rule.ToBreakpoint());
    }

    /// <summary>The places where a function can fail.</summary>
    /// <exception cref="TargetException">There are none.</exception>
    public IReadOnlyList<Symbols.CodePlace> FindPlaces(FaultRule rule) =>
        CodeFinder.FindFunction(session.Guest, rule.Function).Where(place => !place.IsInlined).ToArray()
            is { Length: > 0 } places
            ? places
            : throw new TargetException(
                $"the guest has no function '{rule.Function}'{new GuestNames(session.Guest).Suggest(rule.Function)}"
            );

    /// <summary>The value that a fault returns.</summary>
    /// <exception cref="TargetException">It is no integer.</exception>
    public ulong ReadValue(FaultRule rule)
    {
        try
        {
            return session.Guest.Vcpu.Evaluate(rule.Value).TryGetInt64(out long value)
                ? unchecked((ulong)value)
                : throw new TargetException($"the value to return: '{rule.Value}' is no integer");
        }
        catch (ExpressionException failed)
        {
            throw new TargetException($"the value to return: {failed.Message}");
        }
    }

    /// <summary>
    /// Carries out a script, and then lets the guest run until no fault stands any more: those without a number of
    /// times stand until the end. The registers of the guest must be allowed to be written.
    /// </summary>
    /// <param name="script">The script.</param>
    /// <param name="timeout">How long.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>The last stop, where the guest ended or was stopped by something else; null otherwise.</returns>
    /// <exception cref="ScriptException">A step failed, or was not done in time.</exception>
    /// <exception cref="TargetException">
    /// The same for a script that is in no file; or the guest can't be reached any more, or its registers written.
    /// </exception>
    public DebugStop? Run(FaultScript script, TimeSpan timeout, CancellationToken cancellation)
    {
        _end = Stopwatch.GetTimestamp() + (long)(timeout.TotalSeconds * Stopwatch.Frequency);
        (_unexpected, _cancellation, _path) = (null, cancellation, script.Path);
        try
        {
            foreach (FaultStep step in script.Steps)
            {
                Began?.Invoke(step);
                Do(script, step, () => Do(step));
            }

            _ = RunFor(timeout, () => _standing.Count == 0);
        }
        catch (OperationCanceledException) when (_unexpected is not null || cancellation.IsCancellationRequested)
        {
            // What was done until then is told.
        }

        return _unexpected;
    }

    private void Do(FaultScript script, FaultStep step, Action action)
    {
        try
        {
            action();
        }
        catch (TargetException exception)
            when (script.Path is not null
                && exception.Problem is not (TargetProblem.LetGo or TargetProblem.GuestEnded)
                && !_cancellation.IsCancellationRequested
            )
        {
            throw new ScriptException(script.Path, step.Line, exception.Message, exception);
        }
    }

    private void Do(FaultStep step)
    {
        switch (step)
        {
            case FaultStep.Begin begin:
                Begin(begin);
                break;
            case FaultStep.Clear clear:
                foreach (Fault fault in _standing.Where(one => one.Rule.Function == clear.Function).ToArray())
                    End(fault);
                break;
            case FaultStep.Wait wait:
                if (!RunFor(wait.Timeout, () => CountFailed(wait.Function) >= wait.Count))
                    throw new TargetException(
                        string.Create(
                            CultureInfo.InvariantCulture,
                            $"{CountFailed(wait.Function)} calls of {wait.Function} failed within the time"
                        )
                    );
                break;
            case FaultStep.When until:
                until.Condition.Await(session.Guest, until.Timeout, Pass, _cancellation);
                break;
            case FaultStep.Sleep sleep:
                Pass(sleep.Time);
                break;
        }
    }

    private void Begin(FaultStep.Begin step)
    {
        FaultRule rule = step.Rule;
        ulong value = ReadValue(rule);
        _ = FindPlaces(rule);
        var fault = new Fault(rule, value, session.Add(rule.ToBreakpoint())) { Line = step.Line };
        _faults.Add(fault);
        _standing.Add(fault);
    }

    private void End(Fault fault)
    {
        _standing.Remove(fault);
        session.Remove(fault.Entry);
    }

    private long CountFailed(string function) =>
        _faults.Where(fault => fault.Rule.Function == function).Sum(fault => fault.Failed);

    private void Pass(TimeSpan time)
    {
        _ = RunFor(time, () => false);
        if (Stopwatch.GetTimestamp() >= _end)
            throw new TargetException("the time for all was over during this step");
    }

    /// <summary>Lets the guest run; it stands still afterwards.</summary>
    /// <returns>True when it is done; false when the time is over.</returns>
    private bool RunFor(TimeSpan time, Func<bool> isDone)
    {
        long start = Stopwatch.GetTimestamp();
        while (true)
        {
            _cancellation.ThrowIfCancellationRequested();
            TimeSpan left = time - Stopwatch.GetElapsedTime(start);
            TimeSpan rest = Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), _end);
            left = rest < left ? rest : left;
            if (!session.IsRunning)
            {
                if (isDone() || left <= TimeSpan.Zero)
                    return isDone();

                session.Resume();
            }

            DebugStop? stop =
                left > TimeSpan.Zero
                    ? session.WaitForStop(left < s_slice ? left : s_slice, CancellationToken.None)
                    : session.Halt();
            if (stop is not null)
                Take(stop);
            else if (left > TimeSpan.Zero && !session.IsRunning && !_cancellation.IsCancellationRequested)
                throw new TargetException(TargetProblem.GuestEnded, "the guest can't be reached any more");
        }
    }

    private void Take(DebugStop stop)
    {
        Fault? fault = _standing.FirstOrDefault(one => one.Entry == stop.Breakpoint);
        if (stop.Problem is { } problem)
        {
            var failed = new TargetException(TargetProblem.NotAnswered, problem);
            throw _path is not null && fault is not null
                ? new ScriptException(_path, fault.Line, problem, failed) // not of the step that is done meanwhile
                : failed;
        }

        if (fault is null)
        {
            _unexpected = stop;
            throw new OperationCanceledException();
        }

        fault.Failed++;
        Failing?.Invoke(fault, stop);
        Return(stop, fault.Value);
        if (fault.Failed == fault.Rule.Times)
            End(fault);
    }

    private void Return(DebugStop stop, ulong result)
    {
        if (stop.Thread.Cpu is not int cpu)
            throw new TargetException(TargetProblem.NoRegisters, "the vCPU that stopped is not known");

        IRegisterWriter writer = session.Guest.Target.Require<IRegisterWriter>();
        GuestThread context = session.Guest.GetCpu(cpu);
        RegisterSet registers = context.ReadRegisters();
        Architecture architecture = registers.Architecture;
        if (
            registers.StackPointer is not ulong sp
            || architecture.FindRegister("rax") is not { } value
            || !architecture.TryReadPointer(context.Memory, sp, out ulong back)
            || !session.Guest.Symbols.MayBeCode(back)
        )
            throw new TargetException(
                TargetProblem.NoRegisters,
                "the function can't be left: its return address is not known"
            );

        writer.WriteRegisters(
            cpu,
            [
                (value, result),
                (architecture.StackPointer, unchecked(sp + (ulong)architecture.PointerSize)),
                (architecture.ProgramCounter, back),
            ]
        );
        session.Forget();
    }
}
