using Osprey.Binary;
using Osprey.Guests.Memory;
using Osprey.Session.Answers;
using Osprey.Session.Answers.Guests.Cpus;
using Osprey.Session.Answers.Guests.Failures;
using Osprey.Session.Answers.Guests.Interrupts;
using Osprey.Session.Answers.Guests.Locks;
using Osprey.Session.Answers.Guests.Logs;
using Osprey.Session.Answers.Guests.Network;
using Osprey.Session.Answers.Guests.Processes;
using Osprey.Session.Answers.Guests.Scheduling;
using Osprey.Session.Answers.Guests.Threads;
using Osprey.Session.Answers.Guests.Timers;
using Osprey.Session.Guests;
using Osprey.Target.Backends.CoreFile;
using Osprey.Target.Unwinding;
using Osprey.Tests.Guests;
using Osprey.Tests.Guests.Fixtures;
using Osprey.Tests.Guests.Osv;
using Xunit.Abstractions;

namespace Osprey.Tests.Cli.Guest.Hostile;

/// <summary>
/// A stock Linux guest whose RAM is damaged in another way each time, where listings read it: no command crashes, hangs
/// or shows a stack trace.
/// </summary>
[Collection(TasksGuestCollection.Name)]
[Trait("Category", "Slow")]
public sealed class DamagedLinuxTests(TasksGuest fixture, ITestOutputHelper output)
{
    private const int Rounds = 60;
    private const int Pages = 200;
    private const long MaxAllocatedBytes = 1L << 30;
    private const string Process = "holder";

    // A machine that is busy with other things is slow, too.
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private static readonly string[] s_commands =
    [
        "ps",
        "bt --all",
        "modules",
        "log",
        "mounts",
        "files holder",
        "maps holder",
        "net",
        "slab",
        "memory",
        "locks",
        "runqueue",
        "irq",
        "timers",
        "cpus",
        "panic",
        "report",
        "ps --tree --json",
        "why pipe-waiter",
        "bt holder --user",
        "memory --zones",
        "memory --groups",
        "slab --json",
        "net --json",
        "symbol schedule",
        "type list_head",
        "whatis init_task",
        "percpu runqueues nr_running",
        "print list_of(&slab_caches,struct·kmem_cache,list,name)",
        "print --thread 1 current->comm",
        "cmdline",
        "info",
    ];

    /// <summary>A listing for each kind of which the places are recorded.</summary>
    private static readonly string[] s_listings =
    [
        "ps --json",
        "bt --all --json",
        "modules --json",
        "log --json",
        "mounts --json",
        "files holder --json",
        "maps holder --json",
        "net --json",
        "slab --json",
        "memory --groups --json",
        "locks --json",
        "runqueue --json",
        "irq --json",
        "timers --json",
        "cpus --json",
        "panic --json",
    ];

    [LinuxGuestFact]
    public void Listings_OfDamagedMemory_EndWithOnlyTheirOwnErrors()
    {
        (long Offset, int Size)[][] places = RecordReads();
        string path = Path.Combine(fixture.Guest.Folder, "damaged.core");
        File.Copy(fixture.Core, path, overwrite: true);
        using var damage = new CoreDamage(path);
        int rounds = MemoryDamage.Rounds(Rounds);
        var hostile = new HostileRounds(s_patience, MaxAllocatedBytes);
        IReadOnlyDictionary<int, int> endings = hostile.Run(
            rounds,
            round =>
            {
                var random = new Random(round);
                string command = s_commands[round % s_commands.Length];

                // Mostly where listings read, now and then what all of them stand on: symbols, types, page tables.
                string change = damage.Change(places[random.Next(8) == 0 ? 0 : random.Next(1, places.Length)], random);
                return (
                    change,
                    [.. command.Split(' ').Select(word => word.Replace('·', ' ')), "--target", path, "-q", "--no-cache"]
                );
            }
        );

        output.WriteLine(hostile.ToString());
        Assert.All(endings.Values, count => Assert.InRange(count, 1, rounds));
    }

    [LinuxGuestFact]
    public void Pages_OfExtremeNumbers_EndWithOnlyTheirOwnErrors()
    {
        (long Offset, int Size)[][] places = RecordReads();
        string path = Path.Combine(fixture.Guest.Folder, "extreme.core");
        File.Copy(fixture.Core, path, overwrite: true);
        using var damage = new CoreDamage(path);
        var hostile = new HostileRounds(s_patience, MaxAllocatedBytes);
        int rounds = MemoryDamage.Rounds(Pages);
        IReadOnlyDictionary<int, int> endings = hostile.Run(
            rounds,
            round =>
            {
                // Of what a listing reads, the next page each time.
                int listing = round % s_listings.Length;
                (long Offset, int Size)[] read = places[listing + 1];
                int turns = (rounds + s_listings.Length - 1) / s_listings.Length;
                long place = read[(long)(round / s_listings.Length) * read.Length / turns].Offset;
                string change = damage.ChangePage(place, new Random(round));
                return (change, [.. s_listings[listing].Split(' '), "--target", path, "-q", "--no-cache"]);
            }
        );

        output.WriteLine(hostile.ToString());
        Assert.All(endings.Values, count => Assert.InRange(count, 1, rounds));
    }

    /// <summary>
    /// The places in the core that are read: first of what any listing needs, then for each kind of listing.
    /// </summary>
    private (long Offset, int Size)[][] RecordReads()
    {
        var source = new RecordedSource(ByteSource.OpenFile(fixture.Core));
        using var session = GuestSession.Over(CoreTarget.Open(source), new GuestSettings { NoCache = true });
        var context = new QuestionContext();
        Action[] questions =
        [
            () => _ = (session.Kernel.FindSymbol("schedule"), session.Kernel.Values.FindType("struct task_struct")),
            () => ThreadsAnswer.Ask(session, new ThreadQuery { WithPlaces = false }, context),
            () => ThreadStacksAnswer.Ask(session, null, UnwinderOptions.Default, withVariables: false, context),
            () => session.ListModules(default),
            () => LogAnswer.Ask(session, null),
            () => MountShape.Ask(session, null, context),
            () => OpenFileShape.Ask(session, Process, context),
            () => ProcessMapShape.Ask(session, Process, context),
            () => NetworkAnswer.Ask(session, null, context),
            () => ((IGuestMemoryParts)session.Os).ReadSlabCaches(session.Kernel, default),
            () => ((IGuestMemoryParts)session.Os).ReadMemoryGroups(session.Kernel, default),
            () => LocksAnswer.Ask(session, context),
            () => RunQueueRow.Ask(session, context),
            () => InterruptRow.Ask(session, context),
            () => KernelTimerRow.Ask(session, context),
            () => CpuStateRow.Ask(session, context),
            () => FailureAnswer.Ask(session, context),
        ];
        var places = new List<(long, int)[]>();
        foreach (Action ask in questions)
        {
            ask();
            places.Add(source.TakeReads());
        }

        Assert.All(places, Assert.NotEmpty);
        return [.. places];
    }
}
