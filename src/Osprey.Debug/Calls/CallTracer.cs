using System.Diagnostics;
using Osprey.Debug.Breakpoints;
using Osprey.Session.Guests;
using Osprey.Session.Guests.Completion;
using Osprey.Symbols;
using Osprey.Target;
using Osprey.Target.Architectures;
using Osprey.Target.Execution;
using Osprey.Target.Unwinding;

namespace Osprey.Debug.Calls;

// A call is seen at the function's first instruction: there, and only there, the return address is on top of the stack
// and the arguments are where the caller put them. Where returns are wanted too, a breakpoint stands at the return
// address as long as any traced call has it. Other threads and other calls come by that place: the stop is a return
// only of the thread's call whose return address was at the stack pointer, less one word, that the stop has now. So
// recursion works. Calls that were left otherwise (longjmp, exceptions, a thread that ended) are noticed when the
// thread's stack pointer is above theirs. Where returns are not watched, a call that returned may seem to be around the
// next one, because Linux begins each system call a little further down or up the stack: then the stack is followed,
// and a call is taken for open only when it is on it.

/// <summary>Follows the calls of functions in a running guest: each call, its arguments, its result.</summary>
public sealed class CallTracer
{
    /// <summary>Most calls that are followed at a time.</summary>
    private const int MaxOpenCalls = 10_000;

    /// <summary>The farthest that a call may be below another one on the same stack.</summary>
    private const ulong MaxStack = 1 << 20;

    private readonly DebugSession _session;
    private readonly CallTraceOptions _options;
    private readonly List<(string Name, DebugBreakpoint Entry)> _functions = [];
    private readonly Dictionary<ulong, CallSignature> _signatures = [];
    private readonly Dictionary<long, List<OpenCall>> _open = [];
    private readonly Dictionary<ulong, int> _returns = [];
    private readonly Stopwatch _ran = new();
    private int _openCount;

    /// <summary>Inserts the breakpoints. The guest must stand still.</summary>
    /// <param name="session">The guest; it is let run by <see cref="Run"/>.</param>
    /// <param name="functions">The functions.</param>
    /// <param name="options">What is wanted of their calls.</param>
    /// <exception cref="TargetException">There is no such function, or a breakpoint can't be inserted.</exception>
    public CallTracer(DebugSession session, IReadOnlyList<string> functions, CallTraceOptions options)
    {
        _session = session;
        _options = options;
        foreach (string name in functions)
        {
            DebugBreakpoint entry = session.Add(
                new BreakpointSettings(BreakpointLocation.Parse(name))
                {
                    Condition = options.Condition,
                    Thread = options.Thread,
                }
            );
            if (entry.IsPending && !options.Waits)
                throw new TargetException(
                    TargetProblem.NoSuchVariable,
                    $"the guest has no function '{name}'{new GuestNames(session.Guest).Suggest(name)}"
                );

            _functions.Add((name, entry));
            Describe(entry);
        }
    }

    /// <summary>The functions, with the breakpoints at their beginnings.</summary>
    public IReadOnlyList<(string Name, DebugBreakpoint Entry)> Functions => _functions;

    /// <summary>The number of values that calls of a function are kept with: the most of its places.</summary>
    public int CountArguments(int function) =>
        _functions[function].Entry.Places.Select(place => GetSignature(place.Address).Count).DefaultIfEmpty().Max();

    /// <summary>The time in which the guest ran, by the host's clock.</summary>
    public TimeSpan Ran => _ran.Elapsed;

    /// <summary>Calls that were not followed to their end because too many were open.</summary>
    public long Forgotten { get; private set; }

    /// <summary>Lets the guest run and gives each call as it happens.</summary>
    /// <param name="sink">Takes a call; false to end.</param>
    /// <param name="timeout">How long; the host's clock.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>The last stop, where the guest ended or was stopped by something else; null otherwise.</returns>
    /// <exception cref="TargetException">The guest can't be reached any more.</exception>
    public DebugStop? Run(Func<TracedCall, bool> sink, TimeSpan timeout, CancellationToken cancellation)
    {
        long start = Stopwatch.GetTimestamp();
        Resume();
        while (!cancellation.IsCancellationRequested)
        {
            TimeSpan left = timeout - Stopwatch.GetElapsedTime(start);
            if (left <= TimeSpan.Zero)
                break;

            DebugStop? stop = _session.WaitForStop(left < s_slice ? left : s_slice, CancellationToken.None);
            if (stop is null)
            {
                if (!_session.IsRunning && !cancellation.IsCancellationRequested)
                    throw new TargetException(TargetProblem.GuestEnded, "the guest can't be reached any more");

                continue;
            }

            _ran.Stop();
            if (stop.Reason is not (StopReason.Breakpoint or StopReason.Step))
                return stop;

            if (stop.Problem is { } problem)
                throw new TargetException(TargetProblem.NotAnswered, problem);

            if (!Handle(stop, sink))
                break;

            Resume();
        }

        _ran.Stop();
        return null;
    }

    private static readonly TimeSpan s_slice = TimeSpan.FromMilliseconds(200);

    private void Resume()
    {
        _ran.Start();
        _session.Resume();
    }

    private bool Handle(DebugStop stop, Func<TracedCall, bool> sink)
    {
        if (stop.Thread.Cpu is not int cpu)
            return true;

        GuestThread context = _session.Guest.GetCpu(cpu);
        RegisterSet registers = context.ReadRegisters();
        if (registers.ProgramCounter is not ulong pc || registers.StackPointer is not ulong sp)
            return true;

        if (_returns.ContainsKey(pc) && TakeReturn(stop.Thread, pc, sp) is { } done)
        {
            CallSignature signature = GetSignature(done.Entry);
            CallArgument? result = signature.ReadResult(context, registers);
            bool goesOn = sink(
                new TracedCall
                {
                    Function = _functions[done.Function].Name,
                    FunctionIndex = done.Function,
                    IsReturn = true,
                    Thread = stop.Thread,
                    Cpu = cpu,
                    Depth = done.Depth,
                    Values = result is { } known ? [known] : [],
                    Time = _ran.Elapsed,
                    Duration = _ran.Elapsed - done.Time,
                    ReturnAddress = pc,
                }
            );
            if (!goesOn)
                return false;
        }

        return stop.Breakpoint is not { } entry || TakeCall(stop.Thread, cpu, entry, context, registers, sink);
    }

    private bool TakeCall(
        DebugThread thread,
        int cpu,
        DebugBreakpoint entry,
        GuestThread context,
        RegisterSet registers,
        Func<TracedCall, bool> sink
    )
    {
        int function = _functions.FindIndex(one => one.Entry == entry);
        ulong sp = registers.StackPointer!.Value;
        if (function < 0 || !registers.Architecture.TryReadPointer(context.Memory, sp, out ulong back))
            return true;

        List<OpenCall> open = GetOpen(thread.Number);
        LeaveAbove(open, sp);
        if (open.Count > 0 && !_options.FollowsReturns)
            LeaveReturned(open, context);

        int depth = open.Count;
        if (_options.MaxDepth is int most && depth >= most)
            return true;

        if (!_signatures.ContainsKey(registers.ProgramCounter!.Value))
            Describe(entry); // it waited for its module

        // A copy that was inlined has no return address, and its arguments may be anywhere.
        ulong pc = registers.ProgramCounter!.Value;
        bool isInlined = entry.Places.Any(place => place.IsInlined && place.Address == pc);
        bool goesOn = sink(
            new TracedCall
            {
                Function = _functions[function].Name,
                FunctionIndex = function,
                Thread = thread,
                Cpu = cpu,
                Depth = depth,
                Values =
                    _options.ReadsArguments && !isInlined ? GetSignature(pc).ReadArguments(context, registers) : [],
                Time = _ran.Elapsed,
                ReturnAddress = isInlined ? 0 : back,
            }
        );
        if (isInlined)
            return goesOn;

        if (_openCount >= MaxOpenCalls)
        {
            Forgotten++;
            return goesOn;
        }

        open.Add(new OpenCall(function, pc, back, sp, depth, _ran.Elapsed));
        _openCount++;
        if (goesOn && _options.FollowsReturns)
            ExpectReturn(back);

        return goesOn;
    }

    private List<OpenCall> GetOpen(long thread)
    {
        if (!_open.TryGetValue(thread, out List<OpenCall>? open))
            _open.Add(thread, open = []);

        return open;
    }

    /// <summary>Forgets the calls whose place on the stack has been left.</summary>
    private void LeaveAbove(List<OpenCall> open, ulong sp)
    {
        while (open is [.., { } last] && sp >= last.StackPointer && sp - last.StackPointer < MaxStack)
            Close(open, last);
    }

    /// <summary>Forgets the calls that are not on the stack.</summary>
    private void LeaveReturned(List<OpenCall> open, GuestThread context)
    {
        Backtrace stack = context.ReadStack(UnwinderOptions.Default).Backtrace;
        ulong word = (ulong)context.Architecture.PointerSize;
        HashSet<(ulong?, ulong?)> callers =
        [
            .. stack.Frames.Select(frame => (frame.Registers.StackPointer, frame.Registers.ProgramCounter)),
        ];

        // What called it has its stack pointer just above the return address.
        while (open is [.., { } last] && !callers.Contains((unchecked(last.StackPointer + word), last.ReturnAddress)))
            Close(open, last);
    }

    private OpenCall? TakeReturn(DebugThread thread, ulong pc, ulong sp)
    {
        if (!_open.TryGetValue(thread.Number, out List<OpenCall>? open))
            return null;

        int found = open.FindLastIndex(one => one.ReturnAddress == pc && unchecked(one.StackPointer + 8) == sp);
        if (found < 0)
            return null;

        OpenCall done = open[found];
        while (open.Count > found)
            Close(open, open[^1]);

        return done;
    }

    private void ExpectReturn(ulong address)
    {
        if (_returns.TryGetValue(address, out int count))
        {
            _returns[address] = count + 1;
            return;
        }

        _session.Insert(new Breakpoint(BreakpointKind.Software, address));
        _returns.Add(address, 1);
    }

    private void Close(List<OpenCall> open, OpenCall call)
    {
        open.RemoveAt(open.Count - 1);
        _openCount--;
        if (!_returns.TryGetValue(call.ReturnAddress, out int count))
            return;

        if (count > 1)
        {
            _returns[call.ReturnAddress] = count - 1;
            return;
        }

        _returns.Remove(call.ReturnAddress);
        _session.Remove(new Breakpoint(BreakpointKind.Software, call.ReturnAddress));
    }

    private void Describe(DebugBreakpoint entry)
    {
        foreach (CodePlace place in entry.Places)
            _signatures[place.Address] = CallSignature.Find(_session.Guest, place);
    }

    private CallSignature GetSignature(ulong address)
    {
        if (!_signatures.TryGetValue(address, out CallSignature? signature))
            _signatures.Add(address, signature = CallSignature.Find(_session.Guest, new CodePlace(address, null)));

        return signature;
    }

    private sealed record OpenCall(
        int Function,
        ulong Entry,
        ulong ReturnAddress,
        ulong StackPointer,
        int Depth,
        TimeSpan Time
    );
}
