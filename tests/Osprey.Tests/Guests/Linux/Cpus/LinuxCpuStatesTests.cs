using Osprey.Guests.Linux.Cpus;

namespace Osprey.Tests.Guests.Linux.Cpus;

/// <summary>What a CPU's preemption count tells.</summary>
public sealed class LinuxCpuStatesTests
{
    [Theory]
    [InlineData(0UL, "")]
    [InlineData(1UL, "preemption off")]
    [InlineData(0x100UL, "softirq")]
    [InlineData(0x200UL, "softirqs off")]
    [InlineData(0x10001UL, "interrupt, preemption off")]
    [InlineData(0x110100UL, "nmi, interrupt, softirq")]
    public void Count_TellsTheContexts(ulong count, string contexts) =>
        Assert.Equal(contexts, string.Join(", ", LinuxCpuStates.ListContexts(count)));
}
