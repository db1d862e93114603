using Osprey.Guests.Threads;
using Osprey.Target.Architectures;
using Osprey.Target.Architectures.X64;

namespace Osprey.Guests.Linux.Stacks;

/// <summary>Reads the registers that a program had when it entered the kernel.</summary>
/// <remarks>
/// The entry code pushes them first, so that they are at the top of the task's kernel stack, as a
/// <c>struct pt_regs</c>. Kernels with FRED (6.9) leave 16 bytes above. Before 4.16 a system call saved only those that
/// a call does not preserve; the others are then left out, since what lies there is older.
/// </remarks>
internal static class LinuxUserRegisters
{
    private const ulong FredPadding = 16;
    private const ulong PrivilegeMask = 3;
    private const ulong UserPrivilege = 3;
    private const ulong UserCode = 0x33; // __USER_CS
    private const ulong UserHalfEnd = 1UL << 56;

    private static readonly ulong[] s_stackSizes = [16 << 10, 32 << 10, 8 << 10];

    private static readonly (string Member, Register Register)[] s_members =
    [
        ("r15", X64Register.R15),
        ("r14", X64Register.R14),
        ("r13", X64Register.R13),
        ("r12", X64Register.R12),
        ("bp", X64Register.Rbp),
        ("bx", X64Register.Rbx),
        ("r11", X64Register.R11),
        ("r10", X64Register.R10),
        ("r9", X64Register.R9),
        ("r8", X64Register.R8),
        ("ax", X64Register.Rax),
        ("cx", X64Register.Rcx),
        ("dx", X64Register.Rdx),
        ("si", X64Register.Rsi),
        ("di", X64Register.Rdi),
        ("ip", X64Register.Rip),
        ("sp", X64Register.Rsp),
    ];

    /// <summary>Reads them; null when they are not where they should be, or the program has 32 bits.</summary>
    public static RegisterSet? Read(GuestKernel kernel, GuestThreadState thread)
    {
        ulong? size = kernel.Values.GetSize(kernel.Values.FindType("struct pt_regs"));
        if (thread.StackStart is not { } start || size is not { } length)
            return null;

        // Not all kernels describe the type that tells the size of a stack.
        ulong[] sizes = thread.StackSize is { } known ? [known] : s_stackSizes;
        foreach (ulong stack in sizes)
        {
            foreach (ulong padding in new[] { 0UL, FredPadding })
            {
                if (ReadAt(kernel, unchecked(start + stack - padding - length)) is { } found)
                    return found;
            }
        }

        return null;
    }

    private static RegisterSet? ReadAt(GuestKernel kernel, ulong place)
    {
        if (Get("cs") is not { } code || (code & 0xffff) != UserCode || (code & PrivilegeMask) != UserPrivilege)
            return null;

        var registers = new RegisterSet(X64Architecture.Instance);
        foreach ((string member, Register register) in s_members)
        {
            if (Get(member) is { } value)
                registers[register] = value;
        }

        return registers.ProgramCounter is > 0 and < UserHalfEnd && registers.StackPointer is > 0 and < UserHalfEnd
            ? registers
            : null;

        ulong? Get(string member) =>
            LinuxField.Find(kernel.Values, "struct pt_regs", member)?.Read(kernel.Values.Memory, place);
    }
}
