using System.Text;
using Osprey.Guests;
using Osprey.Guests.Modules;
using Osprey.Guests.Osv.Modules;
using Osprey.Guests.Osv.Threads;
using Osprey.Guests.Threads;
using Osprey.Target;
using Osprey.Target.Unwinding;
using Osprey.Tests.Symbols.Oracle;
using Osprey.Tests.Values;

namespace Osprey.Tests.Guests.Osv.Threads;

/// <summary>OSv's threads, waits and modules, of a program that has the same types and tells the truth.</summary>
public sealed class OsvThreadsTests
{
    [ToolTheory("g++", "clang++", "gdb")]
    [InlineData("g++")]
    [InlineData("clang++")]
    [Trait("Category", "Slow")]
    public void Threads_AndWaits_AreTheProgramsTruth(string compiler)
    {
        using var like = new OsvLikeKernel(compiler);
        GuestThreadList list = OsvThreads.Read(like.Kernel, default);

        Assert.Empty(list.Defects);
        Assert.Equal(5_100_000_000, list.Time);
        Assert.Equal(
            $"""
            1 runner running cpu 1 runs
            2 idle0 running cpu 0 runs
            7 holder-a waiting cpu 0: Mutex mutex 0x{like.Addresses["second"]:x}, held by thread 8 (holder-b) -> 8
            8 holder-b waiting cpu 1: Mutex mutex 0x{like.Addresses["first"]:x}, held by thread 7 (holder-a) -> 7
            9 third waiting cpu 1: Mutex mutex 0x{like.Addresses["second"]:x}, held by thread 8 (holder-b) -> 8
            10 joiner waiting cpu 0: Join the end of thread 7 (holder-a) -> 7
            11 a name of 16 let unstarted
            300 ready queued cpu 1: Cpu a CPU: it is ready on CPU 1

            """,
            Describe(like.Kernel, list)
        );
        foreach (GuestThreadState thread in list.Threads)
            Assert.Equal(like.Addresses[$"{thread.Id}"], thread.Address);

        GuestThreadState holder = list.Threads[2];
        Assert.Equal((2_048_000L, 17UL), (holder.CpuTime, holder.Switches));
        Assert.Equal((3221225472L & ~1023L) + 2_048_000 - (1000L << 10), holder.SwitchedAt);
        Assert.Equal([new GuestTimer(7_000_000_000, false)], list.Threads[5].Timers);
    }

    [ToolFact("g++", "gdb")]
    [Trait("Category", "Slow")]
    public void Modules_AreTheProgramsTruth()
    {
        using var like = new OsvLikeKernel("g++");
        GuestList<GuestObject> list = OsvModules.Read(like.Kernel, default);

        Assert.Empty(list.Defects);
        Assert.Equal(
            [
                new GuestObject("/usr/lib/libfirst.so", 0x100000000000, 0x100000000000, 0x100000010000),
                new GuestObject(
                    "/a program with a long path, beyond what a small string holds",
                    0x100000010000,
                    0x100000010000,
                    0x100000020000
                ),
            ],
            list.Items
        );
    }

    [ToolFact("g++", "gdb")]
    [Trait("Category", "Slow")]
    public void DamagedMemory_EndsInOurErrorsOnly()
    {
        using var like = new OsvLikeKernel("g++");
        ulong[] places =
        [
            .. like.Addresses.Values,
            like.Kernel.GetVariable("sched::thread_map").Address!.Value,
            like.Kernel.GetVariable("sched::cpus").Address!.Value,
            like.Kernel.GetVariable("elf::program::s_objs").Address!.Value,
        ];
        var damage = new MemoryDamage(like.Memory, places);
        int rounds = MemoryDamage.Rounds(300),
            said = 0;
        for (int round = 0; round < rounds; round++)
        {
            OverlaidMemory memory = damage.Next();
            try
            {
                GuestKernel kernel = like.Over(memory);
                GuestThreadList list = OsvThreads.Read(kernel, default);
                Describe(kernel, list);
                said += list.Defects.Count > 0 ? 1 : 0;
                said += OsvModules.Read(kernel, default).Defects.Count > 0 ? 1 : 0;
            }
            catch (TargetException)
            {
                said++;
            }

            Assert.True(memory.Reads < 5_000_000, $"round {round}: {memory.Reads} reads");
        }

        Assert.True(said > rounds / 10, $"{said}");
    }

    private static string Describe(GuestKernel kernel, GuestThreadList list)
    {
        var text = new StringBuilder();
        var waits = new OsvWaits(kernel, list);
        foreach (GuestThreadState thread in list.Threads)
        {
            text.Append($"{thread.Id} {thread.Name} {thread.State}");
            if (thread.Cpu is { } cpu)
                text.Append($" cpu {cpu}");

            if (thread.IsRunning)
                text.Append(" runs");

            if (thread.Saved is { } saved)
            {
                Backtrace stack = kernel.Unwind(saved);
                if (waits.Find(thread, stack, kernel.Name(stack)) is { } wait)
                {
                    text.Append($": {wait.Kind} {wait.Description}");
                    if (wait.Owner is { } owner)
                        text.Append($" -> {owner}");
                }
            }

            text.Append('\n');
        }

        return text.ToString();
    }
}
