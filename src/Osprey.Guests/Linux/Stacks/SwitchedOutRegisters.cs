using System.Buffers.Binary;
using Osprey.Symbols.Types;
using Osprey.Symbols.Types.Compounds;
using Osprey.Target.Architectures;
using Osprey.Target.Architectures.X64;
using Osprey.Target.Memory;
using Osprey.Values;

namespace Osprey.Guests.Linux.Stacks;

/// <summary>
/// Reads the registers of Linux tasks that do not run, as the scheduler saved them.
/// </summary>
/// <remarks>
/// <para>
/// <c>__switch_to_asm</c> pushes the registers that a call preserves onto the task's kernel stack and keeps the stack
/// pointer in <c>thread.sp</c> of its <c>task_struct</c>. What lies there is a <c>struct inactive_task_frame</c>, whose
/// last word is the address that the task goes on at: in <c>__schedule</c>, or <c>ret_from_fork</c> for a new task.
/// </para>
/// <para>
/// The registers are those of a task only while it does not run. The task that a CPU runs has old ones there, since
/// nothing marks them as used.
/// </para>
/// </remarks>
internal sealed class SwitchedOutRegisters
{
    private const string FrameName = "inactive_task_frame";
    private const int MaxFrameSize = 256;

    /// <summary>The registers that the frame saves, by the names of its members.</summary>
    private static readonly (string Member, Register Register)[] s_members =
    [
        ("r15", X64Register.R15),
        ("r14", X64Register.R14),
        ("r13", X64Register.R13),
        ("r12", X64Register.R12),
        ("bx", X64Register.Rbx),
        ("bp", X64Register.Rbp),
        ("ret_addr", X64Register.Rip),
    ];

    private readonly IMemoryReader _memory;
    private readonly ulong _stackPointer;
    private readonly List<(Register Register, int Offset)> _saved;
    private readonly int _size;

    private SwitchedOutRegisters(
        IMemoryReader memory,
        ulong stackPointer,
        List<(Register Register, int Offset)> saved,
        int size
    )
    {
        _memory = memory;
        _stackPointer = stackPointer;
        _saved = saved;
        _size = size;
    }

    /// <summary>Prepares to read registers of many tasks.</summary>
    /// <param name="types">The kernel's types.</param>
    /// <param name="memory">Memory as the kernel sees it.</param>
    /// <returns>Null when the types do not say where a task's stack pointer is kept.</returns>
    public static SwitchedOutRegisters? Create(ValueSpace types, IMemoryReader memory)
    {
        if (
            FindMember(types, types.FindType("struct task_struct"), "thread") is not { } thread
            || FindMember(types, thread.Type, "sp") is not { } pointer
        )
        {
            return null;
        }

        ulong offset = unchecked(thread.Offset + pointer.Offset);
        return types.Resolve(types.FindType("struct " + FrameName)) is CompoundType { IsDeclaration: false } frame
            ? CreateByType(memory, offset, frame)
            : CreateAsUsual(memory, offset);
    }

    /// <summary>Reads the registers of a task that does not run.</summary>
    /// <param name="kernel">The kernel.</param>
    /// <param name="task">The address of its <c>task_struct</c>.</param>
    /// <returns>
    /// The registers that a call preserves, with the program counter and the stack pointer; null when they can't be
    /// read.
    /// </returns>
    public static RegisterSet? Read(GuestKernel kernel, ulong task) =>
        Create(kernel.Values, kernel.Values.Memory)?.Read(task);

    /// <summary>Reads the registers of a task that does not run; null when they can't be read.</summary>
    /// <param name="task">The address of its <c>task_struct</c>.</param>
    public RegisterSet? Read(ulong task)
    {
        Span<byte> frame = stackalloc byte[_size];
        if (
            !_memory.TryReadUInt64(unchecked(task + _stackPointer), out ulong sp)
            || sp % sizeof(ulong) != 0
            || sp > ulong.MaxValue - (ulong)_size
            || !_memory.TryRead(sp, frame)
        )
        {
            return null;
        }

        var registers = new RegisterSet(X64Architecture.Instance);
        foreach ((Register register, int offset) in _saved)
            registers[register] = BinaryPrimitives.ReadUInt64LittleEndian(frame[offset..]);

        registers[X64Register.Rsp] = sp + (ulong)_size;
        return registers;
    }

    private static SwitchedOutRegisters? CreateByType(IMemoryReader memory, ulong stackPointer, CompoundType frame)
    {
        if (frame.Size is not (> 0 and <= MaxFrameSize and var size))
            return null;

        var saved = new List<(Register Register, int Offset)>();
        foreach (Member member in frame.Members)
        {
            Register? register = s_members.FirstOrDefault(known => known.Member == member.Name).Register;
            if (register is not null && member.Offset <= size - sizeof(ulong))
                saved.Add((register, (int)member.Offset));
        }

        return saved.Any(item => item.Register == X64Register.Rip)
            ? new SwitchedOutRegisters(memory, stackPointer, saved, (int)size)
            : null;
    }

    /// <summary>The layout since Linux 5.3 (<c>arch/x86/include/asm/switch_to.h</c>).</summary>
    private static SwitchedOutRegisters CreateAsUsual(IMemoryReader memory, ulong stackPointer) =>
        new(
            memory,
            stackPointer,
            [.. s_members.Select((item, index) => (item.Register, index * sizeof(ulong)))],
            s_members.Length * sizeof(ulong)
        );

    private static Member? FindMember(ValueSpace types, DebugType? type, string name) =>
        types.Resolve(type) is CompoundType compound
            ? compound.Members.FirstOrDefault(member => member.Name == name)
            : null;
}
