using Osprey.Target.Memory;

namespace Osprey.Guests.Linux.Processes;

/// <summary>The addresses in a process's memory that tell its heap and its stack.</summary>
/// <param name="HeapStart">Where the heap began.</param>
/// <param name="HeapEnd">Where it ends.</param>
/// <param name="Stack">An address in the first thread's stack.</param>
internal readonly record struct LinuxMemoryMarks(ulong? HeapStart, ulong? HeapEnd, ulong? Stack)
{
    /// <summary>Reads them.</summary>
    /// <param name="memory">The kernel's memory.</param>
    /// <param name="layout">The struct of a process's memory.</param>
    /// <param name="space">The address of the process's.</param>
    public static LinuxMemoryMarks Read(IMemoryReader memory, LinuxStruct layout, ulong space) =>
        new(
            layout.Find("start_brk")?.Read(memory, space),
            layout.Find("brk")?.Read(memory, space),
            layout.Find("start_stack")?.Read(memory, space)
        );
}
