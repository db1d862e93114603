using Osprey.Rsp.Client;
using Osprey.Target.Architectures;
using Osprey.Target.Architectures.X64;
using Osprey.Target.Memory;

namespace Osprey.Target.Backends.Gdb;

// QEMU's emulator forgets all code that it translated when it begins to step, and again when it ends: a hit of a
// breakpoint that does not count would cost milliseconds. Nearly all functions begin with an instruction whose effect
// is known from the registers alone. Its effect is written, and the vCPU is past the breakpoint. Where instructions are
// counted (a recording is made or replayed) each must be executed.
//
// Each question to the stub costs both sides a wake-up. So the instruction is read out of the guest's RAM where that
// can be seen, and registers are written and the guest let run in one piece. A stub that refuses to write a register
// would run on without it: the first time its answers are awaited.

/// <content>Gets vCPUs past breakpoints without a step.</content>
internal sealed partial class GdbExecution
{
    /// <summary>The longest instruction in bytes.</summary>
    private const int MaxInstruction = 15;

    private const ulong PageSize = 0x1000;

    /// <summary>Tells whether the machine counts no instructions; null as long as that was not asked.</summary>
    private bool? _countsNothing;

    /// <summary>The registers that the stub has been seen to write.</summary>
    private readonly HashSet<Register> _written = [];

    /// <summary>Has the instruction's effect written in place of a step.</summary>
    /// <returns>False when the vCPU must be stepped; nothing was done then.</returns>
    private bool TrySkip(int cpu, ulong address)
    {
        if (FindSkip(cpu, address) is not { } values)
            return false;

        writeRegisters(cpu, values, false);
        _written.UnionWith(values.Select(value => value.Register));
        return true;
    }

    /// <summary>
    /// Finds the registers that get the only vCPU at a breakpoint past it, where they may be written and the guest let
    /// run in one piece.
    /// </summary>
    /// <returns>Null when it must be done step by step; nothing was done then but a store that is done again.</returns>
    private (int Cpu, IReadOnlyList<(Register Register, ulong Value)> Values)? FindSkipThatRuns()
    {
        if (_written.Count == 0 || _told.Count != 1 || !client.CanContinueAfter)
            return null;

        (int cpu, ulong address) = _told.First();
        return FindSkip(cpu, address) is { } values && values.All(value => _written.Contains(value.Register))
            ? (cpu, values)
            : null;
    }

    /// <summary>
    /// Finds the registers that an instruction changes, and does what it writes to memory. Null when the vCPU must be
    /// stepped; nothing was done then.
    /// </summary>
    private IReadOnlyList<(Register Register, ulong Value)>? FindSkip(int cpu, ulong address)
    {
        if (
            cpus.Architecture.SimpleInstructions is not { } known
            || !(_countsNothing ??= !CanReplay && CountsNothing(client))
        )
            return null;

        RegisterSet registers = cpus.Read(cpu);
        if (registers.CodeAddress != address)
            return null;

        Span<byte> code = stackalloc byte[MaxInstruction];
        cpus.Select(cpu);
        code = code[..ReadCode(registers, address, code)];
        if (known.Find(registers, code) is not { } effect)
            return null;

        // Whoever watches memory is to see the write.
        return
            effect.Store is { } store
            && (_breakpoints.Any(one => !one.IsInstruction) || !client.TryWriteMemory(store.Address, store.Bytes))
            ? null
            : effect.Registers;
    }

    /// <summary>Reads the instruction where the selected vCPU is, out of RAM where that is enough.</summary>
    private int ReadCode(RegisterSet registers, ulong address, Span<byte> code) =>
        memory is not null
        && PageSize - (address & (PageSize - 1)) >= (ulong)code.Length
        && X64Paging.FromRegisters(registers) is { } paging
        && new PageTableWalker(memory, paging).TryTranslate(address, out Translation found)
        && memory.Read(found.Physical, code) == code.Length
            ? code.Length
            : client.ReadMemory(address, code);

    private static bool CountsNothing(RspClient client) =>
        client.Monitor("info replay")?.Contains("is not active", StringComparison.Ordinal) == true;
}
