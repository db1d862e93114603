using System.Globalization;
using Osprey.Guests.Processes;
using Osprey.Guests.Threads;
using Osprey.Session.Guests.Programs;
using Osprey.Session.Guests.Stacks;
using Osprey.Symbols.Modules;
using Osprey.Symbols.Types;
using Osprey.Symbols.Types.Compounds;
using Osprey.Target;
using Osprey.Target.Architectures;
using Osprey.Target.Architectures.X64;
using Osprey.Target.Memory;
using Osprey.Target.Unwinding;
using Osprey.Values;
using Osprey.Values.Containers;
using Osprey.Values.Expressions;
using Osprey.Values.Frames;

namespace Osprey.Session.Guests;

/// <summary>
/// A context to look at a guest in: something that runs there, with its registers, address space and stack. It is a
/// vCPU, or registers that the guest saved, as of a thread that sleeps.
/// </summary>
/// <remarks>
/// Registers and page tables are read when they are first asked for; a vCPU's registers again once the guest may have
/// run (<see cref="StopGeneration"/>).
/// </remarks>
public sealed partial class GuestThread
{
    private const int AddressBits = 64;
    private static readonly UnwinderOptions s_innermost = UnwinderOptions.Default with { MaxFrames = 1 };

    private readonly GuestSession _session;
    private readonly Func<RegisterSet> _readRegisters;
    private readonly Func<AddressSpace> _findSpace;

    private RegisterSet? _registers;
    private long _registersGeneration;
    private AddressSpace? _space;
    private ValueSpace? _values;

    internal GuestThread(GuestSession session, int? cpu, Func<RegisterSet> readRegisters, Func<AddressSpace> findSpace)
    {
        _session = session;
        Cpu = cpu;
        _readRegisters = readRegisters;
        _findSpace = findSpace;
    }

    /// <summary>The vCPU's number from 0; null for saved registers.</summary>
    public int? Cpu { get; }

    /// <summary>The thread as its operating system keeps it; null for a vCPU, or for registers alone.</summary>
    public GuestThreadState? State { get; init; }

    /// <summary>The guest's architecture.</summary>
    public Architecture Architecture => _session.Target.Architecture;

    /// <summary>The address space.</summary>
    /// <exception cref="TargetException">No page tables are known.</exception>
    public AddressSpace Space => _space ??= _findSpace();

    /// <summary>Memory through the page tables of <see cref="Space"/>.</summary>
    /// <exception cref="TargetException">No page tables are known.</exception>
    public VirtualMemory Memory => Space.Memory;

    /// <summary>The source of typed values: this address space, and the types of the guest's programs.</summary>
    /// <exception cref="TargetException">No page tables are known.</exception>
    public ValueSpace Values => _values ??= CreateValues(Memory, TryReadRegisters);

    /// <summary>The page tables in words; the reason why there are none where there are none.</summary>
    public string SpaceDescription
    {
        get
        {
            try
            {
                return Space.Description;
            }
            catch (TargetException exception)
            {
                return $"unknown: {exception.Message}";
            }
        }
    }

    /// <summary>The registers.</summary>
    /// <exception cref="TargetException">They can't be read.</exception>
    public RegisterSet ReadRegisters()
    {
        long generation = _session.Physical.Generation.Value;
        if (_registers is null || (Cpu is not null && _registersGeneration != generation))
        {
            _registers = _readRegisters();
            _registersGeneration = generation;
        }

        return _registers;
    }

    /// <summary>The registers; null when they can't be read.</summary>
    public RegisterSet? TryReadRegisters()
    {
        try
        {
            return ReadRegisters();
        }
        catch (TargetException)
        {
            return null;
        }
    }

    /// <summary>
    /// Computes an expression with the globals of the guest's programs, and the registers and thread-locals of this
    /// context.
    /// </summary>
    /// <param name="text">The expression.</param>
    /// <exception cref="ExpressionException">It can't be computed.</exception>
    public Value Evaluate(string text) =>
        ValueExpression.Evaluate(
            text,
            Values,
            TryReadRegisters() is { } registers ? WithCurrent(new RegisterScope(Values, registers))
                : State is not null ? WithCurrent(null) // one that ended
                : null
        );

    /// <summary>Adds to the names of a scope the one of the thread that runs here: <c>current</c>.</summary>
    /// <param name="scope">The scope; null for one that has no names.</param>
    public IVariableScope WithCurrent(IVariableScope? scope) =>
        new CurrentThreadScope(scope, () => _session.FindCurrent(this));

    /// <summary>Finds a thread-local variable of a program.</summary>
    /// <param name="module">The program.</param>
    /// <param name="offset">Its offset in the program's block.</param>
    /// <returns>Its address; null when the context has no such block, or it is not known.</returns>
    /// <exception cref="TargetException">No page tables are known.</exception>
    public ulong? FindThreadLocal(GuestModule module, ulong offset) =>
        TryReadRegisters() is { } registers ? _session.ThreadLocals.Find(module, offset, registers, Memory) : null;

    /// <summary>Reads the stack. A live guest is paused while the stack of a vCPU is walked.</summary>
    /// <param name="options">The limits of the walk.</param>
    /// <exception cref="TargetException">Registers can't be read, or the guest can't be paused.</exception>
    public CpuStack ReadStack(UnwinderOptions options)
    {
        var stacks = new GuestStacks(_session);
        return Cpu is int cpu ? stacks.Read([cpu], options, pauses: true)[0] : stacks.Read(this, options);
    }

    /// <summary>Reads one frame of the stack. A live guest is paused while the stack of a vCPU is walked.</summary>
    /// <param name="number">The frame's number as backtraces have it: functions that were inlined count.</param>
    /// <exception cref="TargetException">
    /// There is no such frame, registers can't be read, or the guest can't be paused.
    /// </exception>
    public CpuFrame ReadFrame(int number) =>
        new GuestStacks(_session).GetFrame(ReadStack(UnwinderOptions.Default), number) with
        {
            Context = this,
        };

    /// <summary>
    /// The innermost frame alone, for expressions. Values that callers must tell are not known in it. Nothing is
    /// paused.
    /// </summary>
    /// <exception cref="TargetException">Registers can't be read.</exception>
    public CpuFrame ReadInnermostFrame()
    {
        CpuStack stack = new GuestStacks(_session).Read(this, s_innermost);
        return new CpuFrame(Values, new StackScopes(Values, stack.Backtrace).Find(0, 0)) { Context = this };
    }

    /// <summary>
    /// The innermost frame as it would be at an address, for the names that expressions may use there. Its values are
    /// not those of that place.
    /// </summary>
    /// <param name="address">The address of an instruction.</param>
    /// <exception cref="TargetException">Registers can't be read.</exception>
    public CpuFrame ImagineFrame(ulong address)
    {
        RegisterSet registers = ReadRegisters().Copy();
        registers[registers.Architecture.ProgramCounter] = address;
        var frame = new StackFrame(new FrameAddress(address, false), registers, null, FrameOrigin.Start);
        var stack = new Backtrace([frame], new BacktraceEnd(BacktraceEndKind.NothingToStartFrom, address), []);
        return new CpuFrame(Values, new StackScopes(Values, stack).Find(0, 0)) { Context = this };
    }

    /// <summary>Explains in a sentence why an address can't be read.</summary>
    /// <exception cref="TargetException">No page tables are known.</exception>
    public string ExplainUnreadable(ulong address)
    {
        PageWalk walk = Space.Walker.Walk(address);
        return
            State is { } state
            && walk.Outcome == PageWalkOutcome.NotPresent
            && address >> (AddressBits - 1) == 0
            && _session.Os is IGuestProcesses processes
            && processes.ExplainMissingPage(_session.Kernel, state, address, walk.Steps[^1].Value) is { } reason
            ? string.Create(CultureInfo.InvariantCulture, $"address 0x{address:x} can't be read: {reason}")
            : Space.Explain(address);
    }

    /// <summary>Creates a source of typed values over another memory of the guest, with the same programs.</summary>
    /// <param name="memory">The memory.</param>
    /// <param name="findRegisters">Gives the registers that lead to thread-locals; null when there are none.</param>
    /// <param name="isOurs">
    /// True when the values are read for a walk of our own, so that the user is not told whose types they have.
    /// </param>
    internal ValueSpace CreateValues(IMemoryReader memory, Func<RegisterSet?> findRegisters, bool isOurs = false) =>
        new(
            memory,
            ListModules(memory, findRegisters, isOurs),
            new SessionAddressNames(_session),
            ContainerReaders.Standard.With(_session.Os.ContainerReaders)
        )
        {
            SystemWords = new SystemWords(_session),
        };

    private NameModules ListModules(IMemoryReader memory, Func<RegisterSet?> findRegisters, bool isOurs)
    {
        GuestModule[] known = [.. _session.KnownPrograms.Modules];
        return new NameModules(
            known.Select(ToModule),
            () => _session.Programs.Modules.Skip(known.Length).Select(ToModule).Concat(ListKernelTypes(isOurs))
        );

        ValueModule ToModule(GuestModule module) => ToValueModule(module, memory, findRegisters);
    }

    /// <summary>The types that the kernel describes itself; they know no code, so that they have no place.</summary>
    private IEnumerable<ValueModule> ListKernelTypes(bool isOurs) =>
        _session.Programs.KernelTypes is { } types
            ? [new ValueModule(isOurs ? types.WithoutNote() : types, LoadBias.None) { End = 0 }]
            : [];

    private ValueModule ToValueModule(GuestModule module, IMemoryReader memory, Func<RegisterSet?> findRegisters)
    {
        return new ValueModule(module.Types, module.Bias, FindThreadLocal) { Start = module.Start, End = module.End };

        ulong? FindThreadLocal(ulong offset) =>
            findRegisters() is { } registers ? _session.ThreadLocals.Find(module, offset, registers, memory) : null;
    }

    private ulong EvaluateAddress(string text)
    {
        try
        {
            Value value = Evaluate(text);
            return value.ResolvedType is FunctionType or ArrayType or CompoundType
                ? value.Address ?? throw new FormatException($"'{text}' is not in memory")
                : value.AsPointer()
                    ?? throw new FormatException(
                        $"'{text}' gives no address: {value.Problem?.Message ?? "it is no number"}"
                    );
        }
        catch (ExpressionException exception)
        {
            throw new FormatException($"'{text}': {exception.Message}", exception);
        }
    }
}
