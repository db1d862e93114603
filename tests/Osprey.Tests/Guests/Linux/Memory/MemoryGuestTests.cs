using System.Text;
using Osprey.Guests;
using Osprey.Guests.Linux.Memory;
using Osprey.Guests.Memory;
using Osprey.Session.Answers;
using Osprey.Session.Answers.Guests.Heap;
using Osprey.Session.Guests;
using Osprey.Target;
using Osprey.Target.Backends.CoreFile;
using Osprey.Target.Backends.Qemu;
using Osprey.Target.Backends.Qemu.Processes;
using Osprey.Target.Unwinding;
using Osprey.Tests.Guests.Fixtures;
using Osprey.Tests.Guests.Osv;
using Osprey.Tests.Values;
using Osprey.Values;

namespace Osprey.Tests.Guests.Linux.Memory;

/// <summary>The use of a Linux guest's memory, against its own <c>/proc</c>.</summary>
[Collection(TasksGuestCollection.Name)]
[Trait("Category", "Slow")]
public sealed class MemoryGuestTests(TasksGuest fixture)
{
    private const ulong KiB = 1024;

    /// <summary>What our words are in /proc/meminfo, and by how many KiB a guest that runs may differ.</summary>
    private static readonly (string Name, string Told, ulong Tolerance)[] s_parts =
    [
        ("total", "MemTotal", 0),
        ("free", "MemFree", 4096),
        ("available", "MemAvailable", 4096),
        ("anonymous", "AnonPages", 256),
        ("cached", "Cached", 64),
        ("buffers", "Buffers", 0),
        ("shared", "Shmem", 64),
        ("mapped", "Mapped", 256),
        ("slab", "Slab", 1024),
        ("slab-reclaimable", "SReclaimable", 1024),
        ("kernel-stacks", "KernelStack", 128),
        ("page-tables", "PageTables", 128),
        ("vmalloc", "VmallocUsed", 512),
        ("percpu", "Percpu", 0),
        ("hugepages", "Hugetlb", 0),
        ("swap", "SwapTotal", 0),
    ];

    [LinuxGuestFact]
    public void Memory_OfEachWay_IsThatOfMeminfo()
    {
        string[] told = ToldCounters.ReadLines(fixture, "meminfo");
        Func<GuestSession>[] ways =
        [
            () => Open(QemuTarget.Attach(QemuProcess.TryRead(fixture.Guest.ProcessId)!)),
            () => Open(GuestFinder.Open(TargetSpec.Parse($"gdb:unix:{fixture.Guest.GdbSocket}"))),
            OpenCore,
        ];
        foreach (Func<GuestSession> open in ways)
        {
            using GuestSession session = open();
            MemoryUseAnswer answer = MemoryUseAnswer.Ask(session, new QuestionContext());
            Assert.Empty(answer.Defects);
            var differences = new StringBuilder();
            foreach ((string name, string word, ulong tolerance) in s_parts)
            {
                ulong expected =
                    ToldCounters.Number(
                        told.Single(line => line.StartsWith(word + ":", StringComparison.Ordinal)),
                        word: 1
                    ) * KiB;
                ulong found = answer.Rows.Single(row => row.Name == name).Size;
                if (Math.Max(found, expected) - Math.Min(found, expected) > tolerance * KiB)
                    differences.Append($"{name}: {found}, not {expected}\n");
            }

            Assert.Equal("", differences.ToString());
        }
    }

    [LinuxGuestFact]
    public void Zones_AreThoseOfZoneinfo()
    {
        using GuestSession session = OpenCore();
        GuestList<GuestMemoryZone> zones = LinuxZones.Read(session.Kernel, default);
        Assert.Empty(zones.Defects);

        // A zone without memory has no sizes there, and is not here.
        var told = new List<string>();
        string name = "";
        var sizes = new Dictionary<string, ulong>();
        foreach (string line in ToldCounters.ReadLines(fixture, "zoneinfo"))
        {
            string[] words = ToldCounters.Split(line);
            if (words[0] == "Node")
                (name, sizes) = ($"{words[1].TrimEnd(',')} {words[3]}", []);
            else if (words[0] is "min" or "low" or "high" or "spanned" or "present" or "managed")
                sizes[words[0]] = ulong.Parse(words[1], System.Globalization.CultureInfo.InvariantCulture) * 4096;

            if (words[0] == "managed" && sizes["present"] > 0)
                told.Add(
                    $"{name}: {sizes["min"]} {sizes["low"]} {sizes["high"]} {sizes["spanned"]} {sizes["present"]} "
                        + $"{sizes["managed"]}"
                );
        }

        Assert.Equal(
            told,
            zones.Items.Select(zone =>
                $"{zone.Node} {zone.Name}: {zone.Min} {zone.Low} {zone.High} {zone.Spanned} {zone.Present} "
                + $"{zone.Managed}"
            )
        );
        Assert.All(zones.Items, zone => Assert.InRange(zone.Free, 1UL, zone.Managed));
    }

    [LinuxGuestFact]
    public void Caches_AreThoseOfSlabinfo()
    {
        using GuestSession session = OpenCore();
        GuestList<GuestSlabCache> caches = LinuxSlabCaches.Read(session.Kernel, default);
        Assert.Empty(caches.Defects);
        string[][] told =
        [
            .. ToldCounters
                .ReadLines(fixture, "slabinfo")
                .Where(line => line.Contains(" : tunables", StringComparison.Ordinal) && line[0] != '#')
                .Select(ToldCounters.Split),
        ];
        Assert.Equal(
            told.Select(words => $"{words[0]} {words[3]} {words[4]} {words[5]}").Order(StringComparer.Ordinal),
            caches
                .Items.Select(cache => $"{cache.Name} {cache.Size} {cache.ObjectsPerSlab} {cache.PagesPerSlab}")
                .Order(StringComparer.Ordinal)
        );
        Dictionary<string, GuestSlabCache> found = caches.Items.ToDictionary(cache => cache.Name);
        var differences = new StringBuilder();
        foreach (string[] words in told)
        {
            if (words[0] == "proc_inode_cache")
                continue; // the guest's report, which goes on behind this file, makes more of them

            GuestSlabCache cache = found[words[0]];
            Compare($"{cache.Name}: active", words[1], cache.Active);
            Compare($"{cache.Name}: objects", words[2], cache.Objects);

            void Compare(string what, string text, ulong? number)
            {
                long expected = long.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
                long tolerance = (expected / 8) + (8 * (long)cache.ObjectsPerSlab);
                if (number is null || Math.Abs((long)number - expected) > tolerance)
                    differences.Append($"{what}: {number}, not {expected}\n");
            }
        }

        Assert.Equal("", differences.ToString());
        Assert.Equal(
            caches.Items.Select(cache => cache.Memory).OrderDescending(),
            caches.Items.Select(cache => cache.Memory)
        );
    }

    [LinuxGuestFact]
    public void Group_HasItsUsageAndLimit()
    {
        using GuestSession session = OpenCore();
        GuestList<GuestMemoryGroup> groups = LinuxMemoryGroups.Read(session.Kernel, default);
        Assert.Empty(groups.Defects);
        Assert.Equal(["/", "/leaky"], groups.Items.Select(group => group.Path));
        ulong told = ToldCounters.Number(Assert.Single(ToldCounters.ReadLines(fixture, "memory.current")), 0);
        Assert.InRange(groups.Items[1].Usage!.Value, told - (512 * KiB), told + (512 * KiB));
        Assert.Equal((64UL << 20, false), (groups.Items[1].Limit, groups.Items[1].IsDying));
        Assert.Null(groups.Items[0].Usage);
    }

    [LinuxGuestFact]
    public void DamagedMemory_EndsInOurErrorsOnly()
    {
        using GuestSession session = OpenCore();
        GuestKernel kernel = session.Kernel;
        GuestList<GuestSlabCache> caches = LinuxSlabCaches.Read(kernel, default);
        ulong[] places =
        [
            .. caches.Items.Select(cache => cache.Address),
            .. LinuxZones.Read(kernel, default).Items.Select(zone => zone.Address),
            .. LinuxMemoryGroups.Read(kernel, default).Items.Select(group => group.Address),
            .. new[]
            {
                "slab_caches",
                "node_data",
                "nr_node_ids",
                "vm_zone_stat",
                "vm_node_stat",
                "root_mem_cgroup",
            }.Select(name => kernel.Symbols.FindSymbol(name)!.Value),
            .. new[] { "blockdev_superblock", "hstates", "hugetlb_max_hstate" }.Select(name =>
                kernel.Symbols.FindSymbol(name)!.Value
            ),
        ];
        var damage = new MemoryDamage(kernel.Values.Memory, places);
        int rounds = MemoryDamage.Rounds(30);
        int said = 0;
        for (int round = 0; round < rounds; round++)
        {
            OverlaidMemory memory = damage.Next();
            var damaged = new GuestKernel(
                new ValueSpace(memory, kernel.Values.Modules),
                session.Symbols,
                new UnwindModuleList([])
            );
            said += LinuxSlabCaches.Read(damaged, default) is { Defects.Count: > 0 } ? 1 : 0;
            said += LinuxZones.Read(damaged, default) is { Defects.Count: > 0 } ? 1 : 0;
            said += LinuxMemoryGroups.Read(damaged, default) is { Defects.Count: > 0 } ? 1 : 0;
            said += LinuxMemoryUse.Read(damaged, default) is { Defects.Count: > 0 } ? 1 : 0;
            Assert.True(memory.Reads < 1_000_000, $"round {round}: {memory.Reads} reads");
        }

        Assert.True(said > rounds / 10, $"{said}");
    }

    private GuestSession OpenCore() => Open(CoreTarget.Open(fixture.Core));

    private static GuestSession Open(GuestTarget target) =>
        GuestSession.Over(target, new GuestSettings { Cpu = 0, NoCache = true });
}
