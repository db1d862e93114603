using Osprey.Rsp.Client;
using Osprey.Target.Architectures;

namespace Osprey.Target.Backends.Gdb;

// QEMU's emulator forgets all code that it translated when it begins to step, and again when it ends: a hit of a
// breakpoint that does not count would cost milliseconds. Nearly all functions begin with an instruction whose effect
// is known from the registers alone. Its effect is written, and the vCPU is past the breakpoint. Where instructions are
// counted (a recording is made or replayed) each must be executed.

/// <content>Gets vCPUs past breakpoints without a step.</content>
internal sealed partial class GdbExecution
{
    /// <summary>The longest instruction in bytes.</summary>
    private const int MaxInstruction = 15;

    /// <summary>Tells whether the machine counts no instructions; null as long as that was not asked.</summary>
    private bool? _countsNothing;

    /// <summary>Has the instruction's effect written in place of a step.</summary>
    /// <returns>False when the vCPU must be stepped; nothing was done then.</returns>
    private bool TrySkip(int cpu, ulong address)
    {
        if (
            cpus.Architecture.SimpleInstructions is not { } known
            || !(_countsNothing ??= !CanReplay && CountsNothing(client))
        )
            return false;

        RegisterSet registers = cpus.Read(cpu);
        if (registers.CodeAddress != address)
            return false;

        Span<byte> code = stackalloc byte[MaxInstruction];
        cpus.Select(cpu);
        code = code[..client.ReadMemory(address, code)];
        if (known.Find(registers, code) is not { } effect)
            return false;

        if (effect.Store is { } store)
        {
            // Whoever watches memory is to see the write.
            if (_breakpoints.Any(one => !one.IsInstruction) || !client.TryWriteMemory(store.Address, store.Bytes))
                return false;
        }

        writeRegisters(cpu, effect.Registers);
        return true;
    }

    private static bool CountsNothing(RspClient client) =>
        client.Monitor("info replay")?.Contains("is not active", StringComparison.Ordinal) == true;
}
