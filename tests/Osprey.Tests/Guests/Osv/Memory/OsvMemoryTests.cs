using Osprey.Guests;
using Osprey.Guests.Memory;
using Osprey.Guests.Osv.Memory;
using Osprey.Target;
using Osprey.Tests.Guests.Osv.Threads;
using Osprey.Tests.Packets;
using Osprey.Tests.Symbols.Oracle;
using Osprey.Tests.Values;
using Osprey.Values;

namespace Osprey.Tests.Guests.Osv.Memory;

/// <summary>OSv's memory, of a program that has the same types and tells the truth.</summary>
public sealed class OsvMemoryTests
{
    [ToolTheory("g++", "clang++", "gdb")]
    [InlineData("g++")]
    [InlineData("clang++")]
    [Trait("Category", "Slow")]
    public void Memory_IsTheProgramsTruth(string compiler)
    {
        using OsvLikeKernel like = OsvMemoryKernel.Start(compiler);
        string text = string.Join('\n', OsvMemoryKernel.Describe(like.Kernel, like.Addresses).Select(part => part()));

        // Compilers put the variables of a section in different orders.
        GoldenFile.Verify(text.Replace("percpu_counter+0x4 at -c 10", "percpu_counter+0x4 at -4 10"));
        Assert.Equal(like.Addresses["enabled"], OsvAllocations.FindSwitch(like.Kernel).Address);
    }

    [ToolFact("g++", "gdb")]
    [Trait("Category", "Slow")]
    public void DamagedLists_SayWhatIsMissing()
    {
        using OsvLikeKernel like = OsvMemoryKernel.Start("g++");
        GuestList<GuestFreeRange> Free(params (ulong Address, ulong Value)[] changes) =>
            OsvFreeRanges.Read(Change(like, changes), default);

        // The word at a range's end that points back, its size, its order.
        Assert.Equal(["1 of the free ranges can't be read or is none"], Free((0x400000015ff8, 0x400000010000)).Defects);
        Assert.Equal(["1 of the free ranges can't be read or is none"], Free((0x400000014000, 0x1fff)).Defects);
        Assert.Equal(["1 of the free ranges can't be read or is none"], Free((0x400000014000, 0x1000)).Defects);
        Assert.Equal(7, Free((0x400000014000, 0x1fff)).Items.Count + 1);

        // A list that leads to itself.
        GuestList<GuestFreeRange> circle = Free((0x400000010000 + 40, 0x400000010000 + 40));
        Assert.Contains("comes up twice", Assert.Single(circle.Defects), StringComparison.Ordinal);

        // An entry of the record that claims more calls than there is room for.
        ulong table = like.Kernel.GetVariable("memory::tracker").Member("allocations")!.AsPointer()!.Value;
        GuestAllocationList record = OsvAllocations.Read(Change(like, (table + 16, 0x7fff_ffff)), default);
        Assert.Equal(["entries claim more frames than they can hold: their callers are not known"], record.Defects);
        Assert.Equal(160, record.Items.Count);
        Value count = like.Kernel.GetVariable("memory::tracker").Member("size_allocations")!;
        TargetException absurd = Assert.Throws<TargetException>(() =>
            OsvAllocations.Read(Change(like, (count.Address!.Value, ulong.MaxValue)), default)
        );
        Assert.Equal(TargetProblem.NotUnderstood, absurd.Problem);
        Value state = like.Kernel.GetVariable("memory::tracker_enabled");
        Assert.Throws<TargetException>(() => OsvAllocations.FindSwitch(Change(like, (state.Address!.Value, 0x10))));
    }

    [ToolFact("g++", "gdb")]
    [Trait("Category", "Slow")]
    public void KernelWithoutTheThing_SaysSo()
    {
        using var other = new OsvLikeKernel("g++");
        foreach (
            Action read in (Action[])
                [
                    () => OsvMemoryUse.Read(other.Kernel, default),
                    () => OsvFreeRanges.Read(other.Kernel, default),
                    () => OsvMappings.Read(other.Kernel, default),
                    () => OsvMappings.ReadLinear(other.Kernel, default),
                    () => OsvAllocations.Read(other.Kernel, default),
                    () => OsvAllocations.FindSwitch(other.Kernel),
                ]
        )
        {
            TargetException exception = Assert.Throws<TargetException>(read);
            Assert.Equal(TargetProblem.NotConfigured, exception.Problem);
            Assert.StartsWith("not configured in this kernel: ", exception.Message, StringComparison.Ordinal);
        }

        // What an address belongs to is told as far as it goes.
        OsvAddressBook book = OsvAddressBook.Read(other.Kernel, null, default);
        Assert.Empty(book.Defects);
        Assert.Equal(
            [GuestPlaceKind.Cpu],
            book.Find(other.Kernel.GetVariable("sched::cpus").Elements().First().AsPointer()!.Value)
                .Select(place => place.Kind)
        );
    }

    [ToolFact("g++", "gdb")]
    [Trait("Category", "Slow")]
    public void DamagedMemory_EndsInOurErrorsOnly()
    {
        using OsvLikeKernel like = OsvMemoryKernel.Start("g++");
        ulong[] places = [.. ListPlaces(like)];
        var damage = new MemoryDamage(like.Memory, places);
        int rounds = MemoryDamage.Rounds(3000),
            said = 0;
        for (int round = 0; round < rounds; round++)
        {
            OverlaidMemory memory = damage.Next();
            GuestKernel kernel = like.Over(memory);
            foreach (Func<string> part in OsvMemoryKernel.Describe(kernel, like.Addresses))
            {
                try
                {
                    string text = part();
                    Assert.True(text.Length < 1 << 20, $"round {round}: {text.Length}");
                    said += text.Contains("defect: ", StringComparison.Ordinal) ? 1 : 0;
                }
                catch (TargetException)
                {
                    said++;
                }
            }

            Assert.True(memory.Reads < 2_000_000, $"round {round}: {memory.Reads} reads");
        }

        Assert.True(said > rounds / 3, $"{said}");
    }

    private static IEnumerable<ulong> ListPlaces(OsvLikeKernel like)
    {
        foreach (ulong address in like.Addresses.Values)
            yield return address;

        foreach (
            string name in (string[])
                [
                    "memory::free_page_ranges",
                    "memory::malloc_pools",
                    "memory::tracker",
                    "memory::tracker_enabled",
                    "memory::page_pool::global_l2",
                    "mmu::vma_list",
                    "mmu::vma_range_set",
                    "mmu::linear_vma_set",
                    "sched::cpus",
                    "memory::phys_mem_size",
                    "memory::free_memory",
                ]
        )
            yield return like.Kernel.GetVariable(name).Address!.Value;

        foreach (GuestFreeRange range in OsvFreeRanges.Read(like.Kernel, default).Items)
        {
            yield return range.Address;
            yield return range.Address + range.Size - 16;
        }

        foreach (GuestMapping mapping in OsvMappings.Read(like.Kernel, default).Items)
            yield return mapping.Address;

        foreach (Value pointer in like.Kernel.GetVariable("mmu::linear_vma_set").Elements())
        {
            yield return pointer.Address!.Value - 32;
            yield return pointer.AsPointer()!.Value;
        }

        yield return like.Kernel.GetVariable("memory::tracker").Member("allocations")!.AsPointer()!.Value;
        yield return 0x600000100000;
        yield return 0x400000200000;
    }

    private static GuestKernel Change(OsvLikeKernel like, params (ulong Address, ulong Value)[] changes)
    {
        var memory = new OverlaidMemory(like.Memory);
        foreach ((ulong address, ulong value) in changes)
            memory.Set(address, value);

        return like.Over(memory);
    }
}
