using Osprey.Guests.Programs;
using Osprey.Target.Memory;

namespace Osprey.Guests.Linux;

/// <content>The part of the image that only the start needs (<c>__init</c>), which the kernel gives back.</content>
internal sealed partial class LinuxGuest : IGuestDiscardedMemory
{
    /// <summary>
    /// From <c>__init_begin</c> to <c>__init_end</c>, once <c>system_state</c> says that the kernel runs. Since 6.15,
    /// the symbols of per-CPU variables are in there too: they name what the copies of all CPUs were made of.
    /// </summary>
    public string? DescribeDiscarded(GuestKernel kernel, ulong address)
    {
        if (
            !IsBetween(kernel, address, "__init_begin", "__init_end")
            || kernel.FindSymbol("system_state") is not { } place
            || !kernel.Values.Memory.TryReadUInt32(place, out uint state)
            || kernel.Values.FindEnumerator("SYSTEM_RUNNING") is not { } running
            || !running.TryGetUInt64(out ulong least)
            || state < least
        )
            return null;

        return IsBetween(kernel, address, "__per_cpu_start", "__per_cpu_end")
            ? "is a variable of each CPU (per_cpu): the kernel gave what its copies were made of back, "
                + "and what is at this address may be anything"
            : "was needed to start the kernel alone (__init), which gave it back: what is at this address now may be "
                + "anything";
    }

    private static bool IsBetween(GuestKernel kernel, ulong address, string start, string end) =>
        kernel.FindSymbol(start) is { } first
        && kernel.FindSymbol(end) is { } behind
        && address >= first
        && address < behind;
}
