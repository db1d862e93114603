using Osprey.Binary;
using Osprey.Guests.Osv.FileSystems;
using Osprey.Guests.Osv.Scheduling;
using Osprey.Target;
using Osprey.Tests.Guests.Osv.Threads;
using Osprey.Tests.Packets;
using Osprey.Tests.Symbols.Oracle;
using Osprey.Tests.Values;

namespace Osprey.Tests.Guests.Osv.Scheduling;

/// <summary>
/// OSv's scheduler, locks, per-CPU data, thread-locals, devices, ZFS and tracepoints, of a program that has the same
/// types and tells the truth.
/// </summary>
[Trait("Category", "Slow")]
public sealed class OsvSchedulingTests
{
    private const string Options = "-O1 -g -std=c++17 -pthread -fno-omit-frame-pointer";

    [ToolTheory("g++", "clang++", "gdb")]
    [InlineData("g++")]
    [InlineData("clang++")]
    public void Everything_IsTheProgramsTruth(string compiler)
    {
        using var like = new OsvLikeKernel(compiler, Options, "osvsched.cc");
        GoldenFile.Verify(SchedulingText.Of(like));
    }

    [ToolFact("g++", "gdb")]
    public void Zfs_OfOpenZfs_HasItsSums()
    {
        using var like = new OsvLikeKernel("g++", Options + " -DOPENZFS", "osvsched.cc");
        GoldenFile.Verify(
            string.Concat(
                OsvZfs
                    .Read(like.Kernel, default)
                    .Items.Select(row => $"{row.Section}: {row.Name} = {row.Value}, {row.Share:F2} of {row.Whole}\n")
            )
        );
    }

    [ToolFact("g++", "gdb")]
    public void PerCpu_OfAnotherVariable_IsRefused()
    {
        using var like = new OsvLikeKernel("g++", Options, "osvsched.cc");
        TargetException exception = Assert.Throws<TargetException>(() =>
            OsvPerCpu.Read(like.Kernel, like.Kernel.GetVariable("sched::cpus"), default)
        );
        Assert.Equal(TargetProblem.NotUnderstood, exception.Problem);

        // A program without ZFS and the like.
        using var bare = new OsvLikeKernel("g++");
        Assert.Equal(
            TargetProblem.NotConfigured,
            Assert.Throws<TargetException>(() => OsvZfs.Read(bare.Kernel, default)).Problem
        );
        Assert.Equal(
            TargetProblem.NotConfigured,
            Assert.Throws<TargetException>(() => OsvCallouts.Read(bare.Kernel, default)).Problem
        );
    }

    [ToolFact("g++", "gdb")]
    public void DamagedMemory_EndsInOurErrorsOnly()
    {
        using var like = new OsvLikeKernel("g++", Options, "osvsched.cc");
        ulong[] places =
        [
            .. like.Addresses.Values,
            .. (
                (string[])
                    [
                        "sched::cpus",
                        "sched::thread_map",
                        "callouts::_callouts",
                        "memory::reclaimer_thread",
                        "tracepoint_base::tp_list",
                        "elf::program::s_objs",
                        "percpu_counts",
                        "dynamic_count",
                        "arc_stats",
                    ]
            ).Select(name => like.Kernel.GetVariable(name).Address!.Value),
        ];
        var damage = new MemoryDamage(like.Memory, places);
        int rounds = MemoryDamage.Rounds(2000),
            said = 0;
        for (int round = 0; round < rounds; round++)
        {
            OverlaidMemory memory = damage.Next();
            try
            {
                said += SchedulingText.Of(like.Over(memory)).Contains("\n  ! ", StringComparison.Ordinal) ? 1 : 0;
            }
            catch (Exception exception) when (exception is TargetException or BadDataException)
            {
                said++;
            }
            Assert.True(memory.Reads < 5_000_000, $"round {round}: {memory.Reads} reads");
        }

        Assert.True(said > rounds / 20, $"{said}");
    }
}
