using Osprey.Guests.Programs;
using Osprey.Target.Memory;

namespace Osprey.Guests.Linux;

/// <content>
/// Symbols whose memory is not what they name: the part of the image that only the start needs (<c>__init</c>), which
/// the kernel gives back, and variables that each CPU has a copy of.
/// </content>
internal sealed partial class LinuxGuest : IGuestSymbolPlaces
{
    /// <summary>
    /// The image's own part is from <c>__init_begin</c> to <c>__init_end</c>, given back once <c>system_state</c> says
    /// that the kernel runs. Since 6.15, the symbols of per-CPU variables are in there too: they name what the copies
    /// of all CPUs were made of. Before, those count from 0.
    /// </summary>
    public string? DescribePlace(GuestKernel kernel, ulong address)
    {
        bool isPerCpu = IsBetween(kernel, address, "__per_cpu_start", "__per_cpu_end");
        if (isPerCpu && address < LinuxDetector.ImageRangeStart)
            return "is a variable of each CPU: per_cpu(NAME) has its copies, per_cpu(NAME, N) is that of CPU N, and "
                + "this address counts from the start of each CPU's part";

        if (
            !IsBetween(kernel, address, "__init_begin", "__init_end")
            || kernel.FindSymbol("system_state") is not { } place
            || !kernel.Values.Memory.TryReadUInt32(place, out uint state)
            || kernel.Values.FindEnumerator("SYSTEM_RUNNING") is not { } running
            || !running.TryGetUInt64(out ulong least)
            || state < least
        )
            return null;

        return isPerCpu
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
