using System.Text;
using Osprey.Guests;
using Osprey.Guests.FileSystems;
using Osprey.Guests.Linux;
using Osprey.Guests.Linux.Files;
using Osprey.Guests.Linux.Network;
using Osprey.Guests.Linux.Processes;
using Osprey.Guests.Network;
using Osprey.Guests.Processes;
using Osprey.Guests.Threads;
using Osprey.Session.Answers;
using Osprey.Session.Answers.Guests.Memory;
using Osprey.Session.Answers.Guests.Network;
using Osprey.Session.Answers.Guests.Processes;
using Osprey.Session.Answers.Guests.Threads;
using Osprey.Session.Guests;
using Osprey.Target;
using Osprey.Target.Backends.CoreFile;
using Osprey.Target.Backends.Qemu;
using Osprey.Target.Backends.Qemu.Processes;
using Osprey.Target.Memory;
using Osprey.Target.Memory.Search;
using Osprey.Target.Unwinding;
using Osprey.Tests.Guests.Fixtures;
using Osprey.Tests.Guests.Osv;
using Osprey.Tests.Values;
using Osprey.Values;

namespace Osprey.Tests.Guests.Linux.Processes;

/// <summary>
/// Processes, files, mounts and sockets in a Linux guest's memory, against what its own <c>/proc</c> says.
/// </summary>
[Collection(TasksGuestCollection.Name)]
[Trait("Category", "Slow")]
public sealed class ProcessesGuestTests(TasksGuest fixture)
{
    private readonly ToldProcesses _told = new(fixture.Guest.ReadReport());

    [LinuxGuestFact]
    public void Processes_OfEachWay_AreThoseOfProc()
    {
        Func<GuestTarget>[] ways =
        [
            () => QemuTarget.Attach(QemuProcess.TryRead(fixture.Guest.ProcessId)!),
            () => GuestFinder.Open(TargetSpec.Parse($"gdb:unix:{fixture.Guest.GdbSocket}")),
            () => CoreTarget.Open(fixture.Core),
        ];
        Assert.All(
            ways,
            open =>
            {
                using GuestSession session = Open(open());
                CheckMaps(session);
                CheckFiles(session);
                CheckMounts(session);
                CheckNetwork(session);
            }
        );
    }

    [LinuxGuestFact]
    public void Memory_OfAProcess_IsItsOwn()
    {
        using GuestSession session = OpenCore();
        foreach (string name in new[] { "pauser", "batch", "spinner-one", "spinner-two", "holder" })
        {
            GuestThreadState task = session.FindThread(name);
            Assert.True(session.GetProcess(task).Memory.TryReadUInt32(_told.Mark, out uint process), name);
            Assert.Equal((name, task.ProcessId), (name, process));
        }

        byte[] text = new byte["the holder's own memory".Length];
        GuestThread holder = session.GetProcess(session.FindThread("holder"));
        Assert.True(holder.Memory.TryRead(_told.Holder.GetNumber("memory"), text));
        Assert.Equal("the holder's own memory", Encoding.ASCII.GetString(text));
    }

    [LinuxGuestFact]
    public void Pages_ThatAreNotThere_AreExplained()
    {
        using GuestSession session = OpenCore();
        GuestThread holder = session.GetProcess(session.FindThread("holder"));
        ulong memory = _told.Holder.GetNumber("memory");
        ulong silent = _told.Holder.GetNumber("silent");
        GuestProcessMapping forbidden = Maps(session, "holder").Single(item => item.Permissions == 0);
        GuestProcessMapping file = Maps(session, "holder")
            .Single(item => item is { Offset: 0x3000, Path: "/data/mapped" });
        Assert.Equal(
            [
                "address 0x10 can't be read: no mapping of the process has it",
                $"address 0x{silent:x} can't be read: it is in the mapping at 0x{memory:x}, and the page is not "
                    + "present: it was not used yet, or its memory was taken back",
                $"address 0x{forbidden.Start:x} can't be read: it is in the mapping at 0x{forbidden.Start:x}, which "
                    + "nobody may use (PROT_NONE)",
                $"address 0x{file.Start + 0x1008:x} can't be read: it is in the mapping of /data/mapped, at 0x4008 of "
                    + "the file, and the page is not present: it was not used yet, or its memory was taken back",
            ],
            new[] { 0x10UL, silent, forbidden.Start, file.Start + 0x1008 }.Select(holder.ExplainUnreadable)
        );
        Assert.Equal(
            $"it is in the mapping at 0x{memory:x}, and the page is not present: its entry has a mark of the kernel's "
                + "(0xf000000000000000), as of one that is moved",
            LinuxMissingPage.Explain(session.Kernel, session.FindThread("holder"), silent, 0xf000_0000_0000_0000)
        );
    }

    [LinuxGuestFact]
    public void Tasks_WithoutMemory_AreRefused()
    {
        using GuestSession session = OpenCore();
        GuestThreadState thread = session.FindThread("kthreadd");
        GuestThreadState zombie = session.FindThread("zombie");
        string[] messages =
        [
            "task 2 (kthreadd) is a thread of the kernel: it has no memory of its own",
            $"task {zombie.Id} (zombie) is zombie: its memory is gone",
            $"task {zombie.Id} (zombie) is zombie: its files are gone",
        ];
        Assert.Equal(
            [messages[0], messages[1], messages[0], messages[1], messages[2]],
            new Action[]
            {
                () => session.GetProcess(thread),
                () => session.GetProcess(zombie),
                () => ProcessMapShape.Ask(session, "kthreadd", new QuestionContext()),
                () => ProcessMapShape.Ask(session, "zombie", new QuestionContext()),
                () => OpenFileShape.Ask(session, "zombie", new QuestionContext()),
            }.Select(action => Assert.Throws<TargetException>(action).Message)
        );
    }

    /// <summary>By the program's file, and without it by what the guest has of the file in its page cache.</summary>
    [LinuxGuestFact]
    public void Stack_OfASleepingTask_GoesOnInItsProgram()
    {
        string folder = Path.Combine(fixture.Guest.Folder, "root");
        Directory.CreateDirectory(folder);
        File.Copy(
            LinuxGuestImage.GetInitramfs(LinuxGuestVariant.Tasks.Init)[..^".cpio".Length],
            Path.Combine(folder, "init"),
            overwrite: true
        );
        CheckUserStacks([folder]);
        CheckUserStacks([]);
    }

    private void CheckUserStacks(string[] folders)
    {
        using var session = GuestSession.Over(
            CoreTarget.Open(fixture.Core),
            new GuestSettings
            {
                Cpu = 0,
                NoCache = true,
                SearchFolders = folders,
            }
        );
        string[] expected =
        [
            "pipe-reader: wait_for_pipe start main True",
            "pauser: wait_for_signal start main True",
            "thread-one: wait_for_pipe name_thread True",
            "kthreadd: ",
            "spinner-one: spin start main True",
        ];
        Assert.Equal(
            expected,
            expected
                .Select(line => session.FindThread(line.Split(':')[0]))
                .Select(task =>
                {
                    ThreadStack stack = ThreadStacksAnswer
                        .Ask(session, [task], UnwinderOptions.Default, false, new QuestionContext(), withUser: true)
                        .Stacks.Single();
                    IEnumerable<string?> names =
                        stack
                            .User?.Rows.Where(row => row.File?.EndsWith("tasks.c", StringComparison.Ordinal) == true)
                            .Select(row => row.Function)
                            .Append($"{stack.User.Backtrace.End.IsComplete}")
                        ?? [];
                    return $"{task.Name}: {string.Join(' ', names)}";
                })
        );
    }

    [LinuxGuestFact]
    public void Search_InAProcess_FindsWhatItHasAtItsAddresses()
    {
        using GuestSession session = OpenCore();
        SearchAnswer text = Search(session, MemoryPattern.FromText("the holder's own memory", false, false));
        SearchPlace place = Assert.Single(text.Places, item => item.Virtual == _told.Holder.GetNumber("memory"));
        Assert.StartsWith("the mapping at 0x", place.Owner, StringComparison.Ordinal);
        Assert.InRange(text.AbsentBytes!.Value, 4096UL, 1UL << 30);

        // Over the edge of a page of its program, which another process has at the same address.
        GuestThread process = session.GetProcess(session.FindThread("holder"));
        byte[] edge = new byte[48];
        const ulong Address = 0x402000 - 24;
        Assert.True(process.Memory.TryRead(Address, edge));
        Assert.True(MemoryPattern.TryParseHex(Convert.ToHexString(edge), out MemoryPattern? pattern));
        SearchPlace found = Assert.Single(Search(session, pattern).Places);
        Assert.Equal((Address, $"/init+0x{Address - 0x400000:x}"), (found.Virtual, found.Owner));
        Assert.True(process.Space.Memory.TryTranslate(Address, out PhysicalAddress physical));
        Assert.Equal(physical, found.Physical);
        byte[] around = new byte[found.Bytes.Length];
        Assert.True(process.Memory.TryRead(Address - (physical.Value - found.BytesStart.Value), around));
        Assert.Equal(around, found.Bytes.ToArray());

        Assert.Equal(
            "task 2 (kthreadd) is a thread of the kernel: it has no memory of its own",
            Assert.Throws<TargetException>(() => Search(session, pattern, "kthreadd")).Message
        );
    }

    private static SearchAnswer Search(GuestSession session, MemoryPattern pattern, string process = "holder") =>
        SearchAnswer.AskProcess(session, process, pattern, new MemorySearchOptions(), new QuestionContext());

    [LinuxGuestFact]
    public void KernelThread_SeesNoProcess()
    {
        using GuestSession session = OpenCore();
        GuestThread thread = session.GetThread(session.FindThread("kthreadd"));
        ulong tables = session.Kernel.FindSymbol("init_top_pgt")!.Value;
        Assert.True(session.Kernel.Values.Memory is VirtualMemory);
        Assert.True(((VirtualMemory)session.Kernel.Values.Memory).TryTranslate(tables, out PhysicalAddress root));
        Assert.Equal(root, thread.Space.Paging.Root);
        Assert.False(thread.Memory.TryReadUInt32(_told.Mark, out _));
        Assert.True(thread.Memory.TryReadUInt32(session.Kernel.FindSymbol("linux_banner")!.Value, out uint banner));
        Assert.Equal(BitConverter.ToUInt32("Linu"u8), banner);
    }

    [LinuxGuestFact]
    public void DamagedMemory_EndsInOurErrorsOnly()
    {
        using GuestSession session = OpenCore();
        GuestKernel kernel = session.Kernel;
        GuestThreadState holder = session.FindThread("holder");
        GuestThreadList threads = session.ListThreads();
        GuestProcessMapping[] maps = [.. Maps(session, "holder")];
        GuestOpenFile[] files = [.. OpenFileShape.Ask(session, "holder", new QuestionContext()).Items];
        GuestMount[] mounts = [.. MountShape.Ask(session, null, new QuestionContext()).Items];
        var network = NetworkAnswer.Ask(session, null, new QuestionContext());
        var members = new LinuxTaskMembers(kernel);
        ulong memory = members.Get(holder, members.Memory, "memory");
        ulong table = new LinuxFileTable(kernel).Find(members.Get(holder, members.Files, "files"))!.Value;
        LinuxField root = (
            LinuxField.Find(kernel.Values, "struct mm_struct", "mm_mt", "ma_root")
            ?? LinuxField.Find(kernel.Values, "struct mm_struct", "mmap")
        )!.Value;
        ulong[] places =
        [
            .. new[] { members.Memory, members.Files, members.Directories, members.Namespaces }.Select(field =>
                holder.Address + (ulong)field.Offset
            ),
            memory,
            memory + (ulong)root.Offset,
            root.Read(kernel.Values.Memory, memory)!.Value & ~0xffUL,
            table,
            .. maps.Take(20).Select(item => item.Address),
            .. files.Where(item => item.Address is not null).Select(item => item.Address!.Value),
            .. mounts.Select(item => item.Address),
            .. network.Interfaces.Select(item => item.Address),
            .. network.Sockets.Select(item => item.Address),
            kernel.FindSymbol("tcp_hashinfo")!.Value,
            kernel.FindSymbol("nl_table")!.Value,
        ];
        var damage = new MemoryDamage(kernel.Values.Memory, places);
        int rounds = MemoryDamage.Rounds(60);
        int differences = 0;
        for (int round = 0; round < rounds; round++)
        {
            OverlaidMemory damaged = damage.Next();
            var other = new GuestKernel(
                new ValueSpace(damaged, kernel.Values.Modules),
                session.Symbols,
                new UnwindModuleList([])
            );
            differences += Differs(maps.Length, () => LinuxMaps.Read(other, holder, default));
            differences += Differs(files.Length, () => LinuxProcessFiles.Read(other, holder, default));
            differences += Differs(mounts.Length, () => LinuxMounts.Read(other, holder, default));
            differences += Differs(1, () => LinuxInterfaces.Read(other, holder, _ => null, default));
            differences += Differs(network.Sockets.Count, () => LinuxSockets.Read(other, holder, threads, default));
            Assert.True(damaged.Reads < 1_000_000, $"round {round}: {damaged.Reads} reads");
        }

        Assert.True(differences > rounds / 10, $"{differences}");

        static int Differs<T>(int count, Func<GuestList<T>> read)
        {
            try
            {
                GuestList<T> list = read();
                Assert.InRange(list.Items.Count, 0, count + 1000);
                return list.Defects.Count > 0 || list.Items.Count != count ? 1 : 0;
            }
            catch (TargetException)
            {
                return 1;
            }
        }
    }

    private static IReadOnlyList<GuestProcessMapping> Maps(GuestSession session, string process) =>
        ProcessMapShape.Ask(session, process, new QuestionContext()).Items;

    private void CheckMaps(GuestSession session)
    {
        IReadOnlyList<ulong> processes = _told.ListMapped();
        Assert.Equal(3, processes.Count);
        foreach (ulong process in processes)
        {
            GuestList<GuestProcessMapping> found = ProcessMapShape.Ask(session, $"{process}", new QuestionContext());
            Assert.Empty(found.Defects);
            Assert.Equal(_told.ListMaps(process), found.Items.Select(ToldProcesses.Format));
        }
    }

    private void CheckFiles(GuestSession session)
    {
        GuestList<GuestOpenFile> found = OpenFileShape.Ask(session, "holder", new QuestionContext());
        Assert.Empty(found.Defects);
        Assert.Equal(
            _told.ListFiles(_told.Holder.GetNumber("pid")).Order(StringComparer.Ordinal),
            found.Items.Select(ToldProcesses.Format).Order(StringComparer.Ordinal)
        );
        Assert.Equal(
            ["anonymous", "character device", "directory", "file", "namespace", "pipe", "socket"],
            found.Items.Select(file => file.Kind).Distinct().Order(StringComparer.Ordinal)
        );
    }

    private void CheckMounts(GuestSession session)
    {
        GuestList<GuestMount> found = MountShape.Ask(session, null, new QuestionContext());
        Assert.Empty(found.Defects);
        Assert.Equal(
            _told.ListMounts(),
            found.Items.Select(mount =>
                $"{mount.Source}|{mount.Path}|{mount.Type}|{string.Join(',', mount.Options.Concat(mount.OwnOptions!))}"
            )
        );
        Assert.Equal("/sub", found.Items.Single(mount => mount.Path == "/bound").Root);
    }

    private void CheckNetwork(GuestSession session)
    {
        var answer = NetworkAnswer.Ask(session, null, new QuestionContext());
        Assert.Empty(answer.Defects);
        GuestInterface loopback = answer.Interfaces.Single(item => item.Name == "lo");
        string[] counted = _told.GetInterface("lo");
        Assert.Equal(
            new GuestInterfaceCounters(
                ulong.Parse(counted[1], null),
                ulong.Parse(counted[2], null),
                ulong.Parse(counted[9], null),
                ulong.Parse(counted[10], null)
            ),
            loopback.Counters
        );
        Assert.Equal((true, 65536UL), (loopback.IsUp, loopback.Mtu));
        Assert.Equal(_told.ListAddresses("lo"), loopback.Addresses);
        foreach (string table in new[] { "tcp", "tcp6", "udp", "udp6", "raw" })
        {
            Assert.Equal(
                ToldSockets.OfInternet(_told.ListSockets(table)),
                ToldSockets.OfInternet(answer.Sockets.Where(socket => socket.Protocol == table))
            );
        }

        Assert.Equal(
            ToldSockets.OfUnix(_told.ListSockets("unix")),
            ToldSockets.OfUnix(answer.Sockets.Where(socket => socket.Protocol == "unix"))
        );
        Assert.Equal(
            _told.ListSockets("netlink").Select(words => $"{words[2]} {words[^1]}").Order(StringComparer.Ordinal),
            answer
                .Sockets.Where(socket => socket.Protocol == "netlink")
                .Select(socket => $"{socket.Local!.Split(':')[1]} {socket.Inode}")
                .Order(StringComparer.Ordinal)
        );
        Assert.Equal(
            _told.ListSockets("packet").Select(words => $"0x{words[3]} {words[^1]}"),
            answer
                .Sockets.Where(socket => socket.Protocol == "packet")
                .Select(socket => $"{socket.Local} {socket.Inode}")
        );
        CheckQueues(answer);
    }

    /// <summary>What <c>/proc/net/unix</c> does not tell: the bytes that were sent are known.</summary>
    private void CheckQueues(NetworkAnswer answer)
    {
        Assert.Equal(
            [11UL, 22UL],
            answer
                .Sockets.Where(socket => socket is { Protocol: "unix", ReceiveQueue: > 0, State: not "listening" })
                .Select(socket => socket.ReceiveQueue!.Value)
                .Order()
        );
        GuestSocket listener = answer.Sockets.Single(socket =>
            socket is { Protocol: "unix", State: "listening", Local: "/data/socket" }
        );
        Assert.Equal((1UL, 4UL), (listener.ReceiveQueue, listener.Backlog));
        ulong holder = _told.Holder.GetNumber("pid");
        Assert.All(
            answer.Sockets.Where(socket => socket is { Inode: > 0, Protocol: not "netlink" }),
            socket => Assert.Equal((holder, "holder"), (socket.Users.Single().ProcessId, socket.Users[0].Name))
        );
    }

    private GuestSession OpenCore() => Open(CoreTarget.Open(fixture.Core));

    private static GuestSession Open(GuestTarget target) =>
        GuestSession.Over(target, new GuestSettings { Cpu = 0, NoCache = true });
}
