using Osprey.Traces.Model;
using Osprey.Traces.Semantics;

namespace Osprey.Traces.Analyses.Profiles;

/// <summary>Profiles what threads waited for while their CPU was idle.</summary>
/// <remarks>
/// Each stretch of idle time is charged to every thread that waits on that CPU, so the sums exceed wall time. The
/// reference leaves a thread that resumes on another CPU among the waiting for good; here it is taken out wherever it
/// waits, with the idle time up to then charged.
/// </remarks>
public sealed class IdleProfile : TraceAnalysis
{
    private readonly AnalysisScope _scope;
    private readonly Step[] _actions;
    private readonly Dictionary<uint, CpuState> _cpus = [];
    private readonly Dictionary<ulong, uint> _waitingOn = [];
    private ulong _lastTime;

    /// <param name="scope">What counts; the filter goes by the waiting sample.</param>
    /// <param name="grouping">What there is one tree for.</param>
    public IdleProfile(AnalysisScope scope, ProfileGrouping grouping)
    {
        _scope = scope;
        _actions =
        [
            .. scope.Tracepoints.All.Select(tracepoint =>
                scope.Semantics.RoleOf(tracepoint) switch
                {
                    TracepointRole.Idle => Step.Idle,
                    TracepointRole.IdleEnd => Step.Resume,
                    TracepointRole.Wait => Step.Wait,
                    TracepointRole.WaitEnd => Step.WaitEnd,
                    _ => Step.None,
                }
            ),
        ];
        Profile = new StackProfile(grouping);
    }

    private enum Step
    {
        None,
        Idle,
        Resume,
        Wait,
        WaitEnd,
    }

    /// <summary>The answer.</summary>
    public StackProfile Profile { get; }

    /// <summary>Stretches of waiting while idle, with a backtrace or without.</summary>
    internal long Candidates { get; private set; }

    /// <inheritdoc/>
    public override void Add(in TraceEvent sample)
    {
        ulong time = sample.Time;
        uint cpuNumber = sample.Cpu;
        _lastTime = _scope.IsCompat ? time : Math.Max(time, _lastTime);
        Step action = _actions[sample.Tracepoint];
        if (!_cpus.TryGetValue(cpuNumber, out CpuState? cpu))
            _cpus.Add(cpuNumber, cpu = new CpuState());

        switch (action)
        {
            case Step.Idle:
                cpu.IdleSince = time;
                break;

            case Step.Resume:
                Charge(cpu, time);
                cpu.IdleSince = null;
                break;

            case Step.Wait:
                if (!_scope.IsCompat)
                    EndWait(sample.Thread, time);

                _waitingOn[sample.Thread] = cpuNumber;
                cpu.Waits[sample.Thread] = WaitOf(sample);
                break;

            case Step.WaitEnd when _scope.IsCompat:
                cpu.Waits.Remove(sample.Thread);
                break;

            case Step.WaitEnd:
                EndWait(sample.Thread, time);
                break;
        }
    }

    /// <inheritdoc/>
    public override void Finish()
    {
        foreach (CpuState cpu in _cpus.Values)
            Charge(cpu, _lastTime);
    }

    private Wait WaitOf(in TraceEvent sample) =>
        new(
            sample.Time,
            sample.HasBacktrace ? Profile.Stacks.Intern(sample.Backtrace) : -1,
            SampleOrigin.Of(sample),
            _scope.Filter.IsNone || _scope.Filter.Matches(sample, _scope.Tracepoints)
        );

    private void EndWait(ulong thread, ulong time)
    {
        if (!_waitingOn.Remove(thread, out uint number) || !_cpus[number].Waits.TryGetValue(thread, out Wait wait))
            return;

        Charge(_cpus[number], wait, time);
        _cpus[number].Waits.Remove(thread);
    }

    private void Charge(CpuState cpu, ulong end)
    {
        foreach (Wait wait in cpu.Waits.Values)
            Charge(cpu, wait, end);
    }

    private void Charge(CpuState cpu, in Wait wait, ulong end)
    {
        if (cpu.IdleSince is not ulong idleSince || !wait.IsWanted)
            return;

        ulong begin = Math.Max(wait.Time, idleSince);
        if (
            end < begin
            || (end == begin && !_scope.IsCompat)
            || !_scope.Range.TryTrim(begin, end, out Duration duration)
        )
            return;

        Candidates++;
        if (wait.Stack >= 0)
            Profile.Add(wait.Stack, wait.Origin, duration);
        else
            _scope.Stats.Count(LossKind.SamplesWithoutBacktrace);
    }

    private sealed class CpuState
    {
        public ulong? IdleSince { get; set; }

        /// <summary>The waiting threads in the order in which they began to wait here.</summary>
        public OrderedDictionary<ulong, Wait> Waits { get; } = [];
    }

    private readonly record struct Wait(ulong Time, int Stack, SampleOrigin Origin, bool IsWanted);
}
