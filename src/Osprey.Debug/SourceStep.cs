using System.Buffers.Binary;
using System.Diagnostics;
using Osprey.Session.Answers.Guests;
using Osprey.Session.Guests.Code;
using Osprey.Session.Guests.Stacks;
using Osprey.Symbols;
using Osprey.Target;
using Osprey.Target.Architectures;
using Osprey.Target.Execution;
using Osprey.Target.Unwinding;
using StackFrame = Osprey.Target.Unwinding.StackFrame;

namespace Osprey.Debug;

// A step to another line is many steps of one instruction: the thread's next instruction is looked at, and executed,
// until one begins that belongs to another line. Two things shorten that.
//
// * A call is not followed: a breakpoint stands where it returns to, and all run. The thread has returned when it stops
//   there with a stack that is as high as before: other threads come by, and so may deeper calls of this one, in an
//   interrupt or by recursion.
// * An instruction that repeats itself, such as the copying of memory, is run through in the same way.
//
// The function has returned when the stack pointer is at or above the frame's canonical address. The step then goes on
// to the next line of the caller, since a stop in the middle of a line says little.
//
// Functions that were inlined have no calls: they are told by the functions that debug info names at an address. A step
// over goes by the line of the function that it began in, a step into by that of the innermost one.
//
// All is done in small pieces, so that whoever waits can end it: Poll goes on for a moment and returns.

/// <summary>A step of one thread through its source, over as many instructions as that takes.</summary>
/// <remarks>
/// Begin it with <see cref="Poll"/>, and call that until it gives a stop. A user's breakpoint on the way is such a
/// stop, too.
/// </remarks>
public sealed class SourceStep
{
    private const int MaxEntrySteps = 64;
    private static readonly TimeSpan s_least = TimeSpan.FromMilliseconds(1);

    private readonly DebugSession _session;
    private readonly long _number;
    private readonly StepKind _kind;
    private readonly bool _isBetweenInlined;

    private StepPlace _start;
    private ulong? _frame;
    private (ulong Address, ulong Stack)? _awaited;
    private bool _runs;
    private bool _isWaitingForThread;
    private readonly bool _endsAtReturn;
    private int _entrySteps = -1;

    /// <summary>Prepares a step.</summary>
    /// <param name="session">The guest, which stands still.</param>
    /// <param name="thread">The thread.</param>
    /// <param name="kind">The kind of step.</param>
    /// <exception cref="TargetException">
    /// Nothing is known of where the thread is, or, for a step out, of what called this function.
    /// </exception>
    public SourceStep(DebugSession session, DebugThread thread, StepKind kind)
    {
        _session = session;
        _number = thread.Number;
        _kind = kind;
        Backtrace stack = ReadStack(thread);
        ulong counter =
            thread.ReadRegisters()?.ProgramCounter
            ?? throw new TargetException(
                TargetProblem.NotSupported,
                $"thread {thread.Number} ({thread.Name}) can't be stepped: where it is is not known"
            );
        _start = FindPlace(counter);
        _frame = stack.Frames.Count > 0 ? stack.Frames[0].CanonicalFrameAddress : null;
        if (kind != StepKind.Out)
            return;

        if (_start.Rows.Count > 1)
        {
            _isBetweenInlined = true;
            return;
        }

        StackFrame caller =
            stack.Frames.Count > 1
                ? stack.Frames[1]
                : throw new TargetException(TargetProblem.NotSupported, "there is no caller to return to");
        Await(caller.Address.Value, _frame ?? 0);
        _endsAtReturn = true;
    }

    private Symbolizer Symbols => _session.Guest.Symbols;

    /// <summary>Goes on for a while.</summary>
    /// <param name="slice">How long, about.</param>
    /// <returns>The stop at the step's end; null when it goes on.</returns>
    /// <exception cref="TargetException">The guest can't be reached any more.</exception>
    public DebugStop? Poll(TimeSpan slice)
    {
        long start = Stopwatch.GetTimestamp();
        do
        {
            TimeSpan left = slice - Stopwatch.GetElapsedTime(start);
            if (_runs)
            {
                if (_session.WaitForStop(left > s_least ? left : s_least) is not { } stop)
                    return null;

                if (Judge(stop) is { } end)
                    return end;
            }
            else if (Advance() is { } end)
            {
                return end;
            }
        } while (Stopwatch.GetElapsedTime(start) < slice);

        return null;
    }

    /// <summary>Takes note of a stop of the guest that this step was waiting for.</summary>
    /// <returns>The stop to tell of; null when the step goes on.</returns>
    public DebugStop? Judge(DebugStop stop)
    {
        _runs = false;
        if (_isWaitingForThread && stop is { Reason: StopReason.Step } && stop.Thread.Number == _number)
        {
            _isWaitingForThread = false;
            return Arrive(stop.Thread);
        }

        if (_awaited is not { } awaited || stop.Reason != StopReason.Breakpoint)
            return End(stop);

        RegisterSet? registers = stop.Thread.ReadRegisters();
        if (registers?.ProgramCounter != awaited.Address)
            return End(stop);

        if (stop.Thread.Number == _number && registers.StackPointer >= awaited.Stack)
        {
            RemoveAwaited();
            if (stop.Breakpoint is not null)
                return stop;

            return _endsAtReturn ? new DebugStop(stop.Thread, StopReason.Step) : Arrive(stop.Thread);
        }

        if (stop.Breakpoint is not null)
            return End(stop);

        return Run(); // another thread, or a deeper call of this one, came by
    }

    /// <summary>Gives the step up: nothing of it stays in the guest, which must stand still.</summary>
    public void Abandon()
    {
        RemoveAwaited();
        (_runs, _isWaitingForThread) = (false, false);
    }

    private DebugStop? Run()
    {
        _session.Resume();
        _runs = true;
        return null;
    }

    private DebugStop End(DebugStop stop)
    {
        Abandon();
        return stop;
    }

    /// <summary>Executes the next instruction, or the call that it is.</summary>
    private DebugStop? Advance()
    {
        if (_awaited is not null)
            return Run();

        if (_session.Find(_number) is not { } thread)
            return new DebugStop(_session.Current, StopReason.Step); // it ended

        RegisterSet? registers = thread.ReadRegisters();
        if (registers?.ProgramCounter is not ulong counter || registers.StackPointer is not ulong stack)
            return new DebugStop(thread, StopReason.Step);

        if (thread.Cpu is null)
            return Take(thread);

        InstructionRow? instruction = Decode(thread, counter);
        ulong next = unchecked(counter + (ulong)(instruction?.Bytes.Length ?? 0));
        bool isCall = IsNamed(instruction, "call");
        if (_entrySteps >= 0 && (isCall || IsNamed(instruction, "ret")))
            return new DebugStop(thread, StopReason.Step); // the function's code began already

        if (IsNamed(instruction, "rep") || (isCall && _kind != StepKind.Into))
        {
            Await(next, stack);
            return null;
        }

        return Take(thread, isCall ? stack : null);
    }

    /// <summary>Executes one instruction.</summary>
    /// <param name="thread">The thread.</param>
    /// <param name="called">The stack pointer before a call that is followed; null for other instructions.</param>
    private DebugStop? Take(DebugThread thread, ulong? called = null)
    {
        if (_session.Step(thread) is not { } stop)
        {
            (_runs, _isWaitingForThread) = (true, true);
            return null;
        }

        if (stop.Reason != StopReason.Step || stop.Thread.Number != _number)
            return stop;

        return called is ulong stack ? Enter(stop.Thread, stack) : Arrive(stop.Thread);
    }

    /// <summary>A call was followed: the step ends behind the entry of a function whose lines are known.</summary>
    private DebugStop? Enter(DebugThread thread, ulong stackBefore)
    {
        RegisterSet? registers = thread.ReadRegisters();
        if (registers?.ProgramCounter is not ulong counter)
            return new DebugStop(thread, StopReason.Step);

        if (_session.Arrive(thread) is { } hit)
            return hit;

        StepPlace place = FindPlace(counter);
        if (place.HasLine)
        {
            _start = place;
            _entrySteps = 0;
            _frame = null;
            return null;
        }

        byte[] word = new byte[sizeof(ulong)];
        if (
            registers.StackPointer is not ulong stack
            || stack >= stackBefore
            || thread.ReadMemory(stack, word) < word.Length
        )
            return new DebugStop(thread, StopReason.Step);

        Await(BinaryPrimitives.ReadUInt64LittleEndian(word), stackBefore);
        return null;
    }

    /// <summary>Decides whether the step ends at the instruction that the thread has come to.</summary>
    private DebugStop? Arrive(DebugThread thread)
    {
        var here = new DebugStop(thread, StopReason.Step);
        RegisterSet? registers = thread.ReadRegisters();
        if (_kind == StepKind.InstructionOver || registers?.ProgramCounter is not ulong counter)
            return here;

        if (_session.Arrive(thread) is { } hit)
            return hit;

        StepPlace place = FindPlace(counter);
        if (_frame is ulong frame && registers.StackPointer >= frame)
        {
            // It returned: on to the caller's next line.
            if (!place.HasLine || _kind == StepKind.Out)
                return here;

            _start = place;
            Backtrace stack = ReadStack(thread);
            _frame = stack.Frames.Count > 0 ? stack.Frames[0].CanonicalFrameAddress : null;
            return null;
        }

        if (_isBetweenInlined)
            return _start.IsWithin(place) ? null : here;

        if (_entrySteps >= 0 && ++_entrySteps > MaxEntrySteps)
            return here;

        if (!place.HasLine)
            return _start.HasLine && _start.IsWithin(place) ? null : here;

        return _start.HasLine && _start.IsSameLine(place, _kind == StepKind.Into) ? null : here;
    }

    private void Await(ulong address, ulong stack)
    {
        _session.Insert(new Breakpoint(BreakpointKind.Software, address));
        _awaited = (address, stack);
    }

    private void RemoveAwaited()
    {
        if (_awaited is { } awaited)
            _session.Remove(new Breakpoint(BreakpointKind.Software, awaited.Address));

        _awaited = null;
    }

    private StepPlace FindPlace(ulong address) => StepPlace.Find(Symbols, address);

    private Backtrace ReadStack(DebugThread thread) =>
        thread.FindContext() is { } context
            ? new GuestStacks(_session.Guest).Read(context, UnwinderOptions.Default with { MaxFrames = 2 }).Backtrace
            : new Backtrace([], new BacktraceEnd(BacktraceEndKind.NothingToStartFrom, 0), []);

    private InstructionRow? Decode(DebugThread thread, ulong address) =>
        thread.FindSpace() is { } space
        && InstructionsAnswer.Ask(_session.Guest, space.Memory, address, 1) is { Rows: [var row, ..] }
            ? row
            : null;

    private static bool IsNamed(InstructionRow? instruction, string name) =>
        instruction?.Text.StartsWith(name, StringComparison.Ordinal) ?? false;
}
