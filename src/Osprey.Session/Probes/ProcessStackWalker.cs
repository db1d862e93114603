using Osprey.Probes.Tracing;
using Osprey.Probes.Values;
using Osprey.Target.Architectures;
using Osprey.Target.Architectures.X64;
using Osprey.Target.Memory;
using Osprey.Target.Unwinding;

namespace Osprey.Session.Probes;

/// <summary>Unwinds the stacks of a process by the same rules as those of guests.</summary>
internal sealed class ProcessStackWalker : IStackWalker
{
    /// <summary>Most frames of a stack.</summary>
    public const int MaxFrames = 64;

    private const int DwarfRegisters = 16;

    private readonly StateMemory _memory = new();
    private readonly Unwinder _unwinder;

    public ProcessStackWalker(ProcessPrograms programs) =>
        _unwinder = new Unwinder(programs.Modules, _memory, new UnwinderOptions { MaxFrames = MaxFrames });

    public void Walk(ulong pc, IProbeState state, List<ulong> addresses)
    {
        Architecture architecture = X64Architecture.Instance;
        var registers = new RegisterSet(architecture);
        for (int number = 0; number < DwarfRegisters; number++)
        {
            if (state.TryGetRegister(number, out ulong value))
                registers[architecture.FindDwarfRegister(number)!] = value;
        }

        registers[architecture.ProgramCounter] = pc;
        _memory.State = state;
        foreach (StackFrame frame in _unwinder.Unwind(registers).Frames.Skip(1))
            addresses.Add(frame.Address.Value);
    }

    private sealed class StateMemory : IMemoryReader
    {
        public IProbeState? State { get; set; }

        public int Read(ulong address, Span<byte> buffer) => State?.ReadMemory(address, buffer) ?? 0;
    }
}
