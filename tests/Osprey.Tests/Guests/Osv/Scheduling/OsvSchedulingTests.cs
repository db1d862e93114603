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
        var random = new Random(20261129);
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
        int said = 0;
        for (int round = 0; round < 2000; round++)
        {
            var memory = new OverlaidMemory(like.Memory);
            for (int i = random.Next(1, 8); i > 0; i--)
                Damage(memory, random, places);

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

        Assert.True(said > 100, $"{said}");
    }

    private static void Damage(OverlaidMemory memory, Random random, ulong[] places)
    {
        ulong at = places[random.Next(places.Length)] + (ulong)(random.Next(0, 64) * 8);
        switch (random.Next(5))
        {
            case 0:
                memory.Set(at, (ulong)random.NextInt64());
                break;
            case 1:
                memory.Set(at, places[random.Next(places.Length)] + (ulong)(random.Next(0, 8) * 8));
                break;
            case 2:
                memory.Set(at, ulong.MaxValue - (ulong)random.Next(16));
                break;
            case 3:
                memory.Set(at, (ulong)random.Next(1 << 20));
                break;
            default:
                memory.Hide(at, 8);
                break;
        }
    }
}
