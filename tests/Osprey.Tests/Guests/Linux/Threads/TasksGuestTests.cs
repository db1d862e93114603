using System.Text;
using Osprey.Guests;
using Osprey.Guests.Linux.Threads;
using Osprey.Guests.Memory;
using Osprey.Guests.Threads;
using Osprey.Session.Answers;
using Osprey.Session.Answers.Guests.Addresses;
using Osprey.Session.Answers.Guests.PerCpu;
using Osprey.Session.Answers.Guests.Reports;
using Osprey.Session.Answers.Guests.Scheduling;
using Osprey.Session.Answers.Guests.Threads;
using Osprey.Session.Guests;
using Osprey.Session.Guests.Stacks;
using Osprey.Target;
using Osprey.Target.Architectures.X64;
using Osprey.Target.Backends.CoreFile;
using Osprey.Target.Backends.Qemu;
using Osprey.Target.Backends.Qemu.Processes;
using Osprey.Target.Memory;
using Osprey.Target.Unwinding;
using Osprey.Tests.Cli;
using Osprey.Tests.Guests.Fixtures;
using Osprey.Tests.Guests.Kernel;
using Osprey.Tests.Guests.Osv;
using Osprey.Tests.Guests.Report;
using Osprey.Tests.Symbols.Oracle;
using Osprey.Tests.Values;
using Osprey.Values;
using Osprey.Values.Printing;

namespace Osprey.Tests.Guests.Linux.Threads;

/// <summary>The tasks that are found in a Linux guest's memory, against what its own <c>/proc</c> says.</summary>
[Collection(TasksGuestCollection.Name)]
[Trait("Category", "Slow")]
public sealed class TasksGuestTests(TasksGuest fixture)
{
    private readonly IReadOnlyList<ToldTask> _told = ToldTask.Parse(fixture.Guest.ReadReport());

    [LinuxGuestFact]
    public void Tasks_OfEachWay_AreThoseOfProc() => CheckEachWay(null);

    [VmlinuxGuestFact]
    public void Tasks_WithTheKernelsFile_AreThoseOfProc() => CheckEachWay(VmlinuxFactAttribute.Vmlinux);

    [LinuxGuestFact]
    public void Running_IsSeenByCpu_AndTheOtherIsReady()
    {
        using GuestSession session = OpenCore();
        GuestThreadList list = session.ListThreads();
        GuestThreadState[] spinners =
        [
            .. list.Threads.Where(task => task.Name.StartsWith("spinner-", StringComparison.Ordinal)),
        ];
        GuestThreadState running = Assert.Single(spinners, task => task.IsRunning);
        GuestThreadState other = Assert.Single(spinners, task => !task.IsRunning);

        Assert.Equal(("running", 1, 'R'), (running.State, running.Cpu, running.StateLetter));
        Assert.Equal(("runnable", 1, 'R'), (other.State, other.Cpu, other.StateLetter));
        Assert.Equal(1, session.GetThread(running).Cpu);
        Assert.Null(session.GetThread(other).Cpu);
        Assert.InRange(list.Time!.Value, other.SwitchedAt!.Value, long.MaxValue);

        GuestList<RunQueueRow> queues = RunQueueRow.Ask(session, new QuestionContext());
        Assert.Empty(queues.Defects);
        Assert.Equal(
            [("running", running.Id), ("queued", other.Id)],
            queues.Items.Where(row => row.Cpu == 1).Select(row => (row.Place, row.Thread!.Id))
        );
        Assert.Equal(
            [("running", "swapper/0")],
            queues.Items.Where(row => row.Cpu == 0).Select(row => (row.Place, row.Thread!.Name))
        );
        // Old kernels do not tell the types of such variables.
        const string Queues = "*(struct rq *)&runqueues";
        Assert.Equal(["0", "2"], ReadPerCpu(session, Queues, "nr_running"));
        Assert.Equal(
            [$"{Task(session, "swapper/0").Address}", $"{running.Address}"],
            CpuValueRow
                .Ask(session, Queues, ["curr"], new QuestionContext())
                .Items.Select(row => $"{row.Value.AsPointer()}")
        );
    }

    /// <summary>The two spinners take turns on their CPU while the list is read.</summary>
    [LinuxGuestFact]
    public void Running_InAGuestThatGoesOn_IsOneTaskOfEachCpu()
    {
        using var session = GuestSession.Over(
            QemuTarget.Attach(QemuProcess.TryRead(fixture.Guest.ProcessId)!),
            new GuestSettings { Cpu = 0, NoCache = true }
        );
        for (int i = 0; i < 20; i++)
        {
            session.Refresh();
            ThreadsAnswer answer = ThreadsAnswer.Ask(session, new ThreadQuery(), new QuestionContext());
            int?[] cpus = [.. answer.Threads.Where(row => row.State.IsRunning).Select(row => row.State.Cpu)];
            Assert.Equal(cpus.Distinct(), cpus);
            Assert.Contains(1, cpus);
        }
    }

    [LinuxGuestFact]
    public void Address_InATasksStack_IsSaidToBe()
    {
        using GuestSession session = OpenCore();
        GuestThreadState task = Task(session, "pipe-reader");
        Assert.Equal(16384UL, task.StackSize);
        IReadOnlyList<GuestPlace> places = AddressPlaces
            .Read(session, new QuestionContext())
            .Find(task.StackStart!.Value + 0x3f00);
        Assert.Contains(places, place => place.Description == $"stack of thread {task.Label}" && place.Size == 16384);
    }

    [LinuxGuestFact]
    public void Rows_InOtherAnswers_HaveTheColumnsOfTasks()
    {
        using GuestSession session = OpenCore();
        string[] columns = [.. TaskShape.Shape.Columns.Select(column => column.Name)];
        Assert.Contains("processId", columns);
        Assert.DoesNotContain("joiner", columns);
        Assert.Same(TaskShape.Shape, ThreadRow.GetShape(session));
        Assert.Contains("panic", ReportAnswer.Ask(session, new QuestionContext()).Sections.Select(item => item.Name));
    }

    [LinuxGuestFact]
    public void PerCpu_OfWhatIsNone_IsSaid()
    {
        using GuestSession session = OpenCore();
        TargetException exception = Assert.Throws<TargetException>(() =>
            CpuValueRow.Ask(session, "(struct task_struct *)&init_task", [], new QuestionContext())
        );
        Assert.StartsWith("this is no per-CPU variable", exception.Message, StringComparison.Ordinal);
    }

    [LinuxGuestFact]
    public void Stack_OfASleepingTask_LeadsToUserMode()
    {
        using GuestSession session = OpenCore();
        ThreadStacksAnswer answer = ThreadStacksAnswer.Ask(
            session,
            [Task(session, "pipe-reader"), Task(session, "thread-one"), Task(session, "thread-two")],
            UnwinderOptions.Default,
            withVariables: false,
            new QuestionContext()
        );
        Assert.Empty(answer.Defects);
        ThreadStack stack = Assert.Single(answer.Stacks, item => item.Threads[0].State.Name == "pipe-reader");
        string[] names = [.. stack.Rows.Select(row => row.Frame.Function!)];
        Assert.Equal("__schedule", names[0]);
        Assert.Contains(names, name => name is "pipe_read" or "anon_pipe_read"); // renamed in 6.15
        Assert.StartsWith("entry_SYSCALL_64", names[^1], StringComparison.Ordinal);
        Assert.Equal(3, answer.Stacks.Sum(item => item.Threads.Count));
    }

    [LinuxGuestFact]
    public void Memory_OfATask_IsThatOfItsProcess()
    {
        using GuestSession session = OpenCore();
        string line = fixture
            .Guest.ReadReport()
            .Split('\n')
            .Single(text => text.StartsWith("mark ", StringComparison.Ordinal));
        ulong mark = GuestReportLine.Parse(line).GetNumber("address");
        foreach (string name in new[] { "pauser", "sleeper", "vforker", "fifo", "thread-two" })
        {
            GuestThreadState task = session.ListThreads().Threads.First(task => task.Name == name);
            Assert.True(session.GetThread(task).Memory.TryReadUInt32(mark, out uint process), name);
            Assert.Equal((name, task.ProcessId), (name, process));
        }

        // What is behind its end may be left of an earlier name.
        Assert.StartsWith(
            "\"pauser\\000",
            ValueText.Format(
                session
                    .GetThread(Task(session, "pauser"))
                    .Evaluate($"((struct task_struct *)0x{Task(session, "pauser").Address:x})->comm")
            ),
            StringComparison.Ordinal
        );
    }

    /// <summary>A vCPU in a program has frames without names; the way to them is said.</summary>
    [LinuxGuestFact]
    public void Stack_OfAVcpu_InAProgram_SaysHowToSeeItsNames()
    {
        bool[] isOfProgram;
        using (GuestSession session = OpenCore())
        {
            IReadOnlyList<CpuStack> stacks = new GuestStacks(session).Read([0, 1], UnwinderOptions.Default, false);
            isOfProgram = [.. stacks.Select(stack => stack.Registers[X64Register.Rip] < 1UL << 47)];
            Assert.Equal(isOfProgram, stacks.Select(stack => stack.IsOfProgram));
        }

        Assert.False(isOfProgram[0]); // idle
        string said = CommandRun.Of("bt", "--target", $"core:{fixture.Core}").Messages;
        Assert.Equal(isOfProgram[1], said.Contains("vCPU 1: in a program; bt --user", StringComparison.Ordinal));
    }

    [LinuxGuestFact]
    public void Registers_OfWhatEnded_AreSaidToBeNowhere_AndItsTaskCanBeLookedAt()
    {
        using GuestSession session = OpenCore();
        GuestThread zombie = session.GetThread(Task(session, "zombie"));
        TargetException exception = Assert.Throws<TargetException>(() => zombie.ReadRegisters());
        Assert.EndsWith("has ended and has no stack", exception.Message, StringComparison.Ordinal);
        Assert.StartsWith("\"zombie", ValueText.Format(zombie.Evaluate("current->comm")), StringComparison.Ordinal);
    }

    [LinuxGuestFact]
    public void Groups_Namespaces_AndMemory_AreThoseOfProc()
    {
        using GuestSession session = OpenCore();
        Dictionary<ulong, ThreadRow> found = ThreadsAnswer
            .Ask(session, new ThreadQuery { WithPlaces = false, WithGroups = true }, new QuestionContext())
            .Threads.Where(row => row.State.Id > 0)
            .ToDictionary(row => row.State.Id);
        GuestReportLine[] told =
        [
            .. fixture
                .Guest.ReadReport()
                .Split('\n')
                .Where(line => line.StartsWith("member ", StringComparison.Ordinal))
                .Select(GuestReportLine.Parse)
                // Those that end meanwhile are workers of the kernel's.
                .Where(line => found.ContainsKey(line.GetNumber("tid"))),
        ];
        Assert.InRange(told.Length, 60, 1000);
        Assert.Equal(
            told.Select(line => $"{line["tid"]} {line["group"]}{line.Text}"),
            told.Select(line => found[line.GetNumber("tid")])
                .Select(row =>
                    $"{row.State.Id} {row.Membership!.ControlGroup} "
                    + string.Join(' ', row.Membership.Namespaces.Select(space => $"{space.Kind}:[{space.Number}]"))
                )
        );
        string[] own = ["ipc", "pid", "uts"];
        Assert.Equal(own, OwnOf("isolated-child"));
        Assert.Equal(own.Except(["pid"]), OwnOf("isolated"));
        Assert.Empty(OwnOf("pauser"));

        // Newer kernels leave the CPUs' parts of the counters out, up to 64 pages each here.
        foreach (GuestReportLine line in told)
        {
            GuestThreadState state = found[line.GetNumber("tid")].State;
            if (state.Name == "init")
                continue;

            Assert.Equal(line.GetNumber("vsize"), state.VirtualSize ?? 0);
            Assert.InRange((long)(state.ResidentSize ?? 0) / 4096 - (long)line.GetNumber("rss"), -400, 400);
        }

        IEnumerable<string> OwnOf(string name)
        {
            ThreadRow row = found.Values.Single(row => row.State.Name == name);
            return row.Membership!.Namespaces.Except(row.FirstMembership!.Namespaces).Select(space => space.Kind);
        }
    }

    [LinuxGuestFact]
    public void Tree_HasProcessesBelowTheirParents()
    {
        using GuestSession session = OpenCore();
        ThreadsAnswer answer = ThreadsAnswer.Ask(
            session,
            new ThreadQuery { WithPlaces = false, AsTree = true },
            new QuestionContext()
        );
        Assert.Equal(session.ListThreads().Threads.Count, answer.Threads.Count);
        string[] tree = [.. answer.Threads.Select(row => $"{new string(' ', row.Depth)}{row.State.Name}")];
        int parent = Array.IndexOf(tree, " parent");
        Assert.Equal([" parent", "  waited-for"], tree[parent..(parent + 2)]);
        int threads = Array.IndexOf(tree, " threads");
        Assert.Equal(
            ["  thread-one", "  thread-three", "  thread-two"],
            tree[(threads + 1)..(threads + 4)].Order(StringComparer.Ordinal)
        );
    }

    [LinuxGuestFact]
    public void DamagedMemory_EndsInOurErrorsOnly()
    {
        using GuestSession session = OpenCore();
        GuestKernel kernel = session.Kernel;
        GuestThreadList whole = session.ListThreads();
        LinuxTaskLayout layout = LinuxTaskLayout.Of(kernel);
        ulong[] places =
        [
            .. whole.Threads.SelectMany(task =>
                new[]
                {
                    layout.Tasks,
                    layout.ThreadNode!.Value,
                    layout.State,
                    layout.SignalState,
                    layout.Stack!.Value,
                }.Select(field => task.Address + (ulong)field.Offset)
            ),
            .. whole.Threads.Select(task =>
                layout.SignalState.Read(kernel.Values.Memory, task.Address)!.Value
                + (ulong)layout.ThreadHead!.Value.Offset
            ),
            .. new[] { "nr_threads", "total_forks", "__per_cpu_offset", "nr_cpu_ids", "__cpu_online_mask" }.Select(
                name => kernel.Symbols.FindSymbol(name)!.Value
            ),
        ];
        var damage = new MemoryDamage(kernel.Values.Memory, places);
        int rounds = MemoryDamage.Rounds(100);
        int said = 0;
        for (int round = 0; round < rounds; round++)
        {
            OverlaidMemory memory = damage.Next();
            var damaged = new GuestKernel(
                new ValueSpace(memory, kernel.Values.Modules),
                session.Symbols,
                new UnwindModuleList([])
            );
            GuestThreadList list = LinuxTasks.Read(damaged, LinuxTaskLayout.Of(damaged), default);
            Assert.InRange(list.Threads.Count, 0, whole.Threads.Count + 64);
            said += list.Defects.Count > 0 ? 1 : 0;
            Assert.True(memory.Reads < 100_000, $"round {round}: {memory.Reads} reads");
        }

        Assert.True(said > rounds / 10, $"{said}");
    }

    private static string[] ReadPerCpu(GuestSession session, string variable, params string[] fields) =>
        [
            .. CpuValueRow
                .Ask(session, variable, fields, new QuestionContext())
                .Items.Select(row => ValueText.Format(row.Value)),
        ];

    private static GuestThreadState Task(GuestSession session, string name) => session.FindThread(name);

    private static string? FindChannel(ThreadRow row, bool hasFile) =>
        // With the kernel's file, functions that were inlined have names of their own.
        hasFile || row.Where?.Function is not { } function
            ? null
            : function;

    private void CheckEachWay(string? kernelFile)
    {
        Func<GuestSession>[] ways =
        [
            () => Open(QemuTarget.Attach(QemuProcess.TryRead(fixture.Guest.ProcessId)!), kernelFile),
            () => Open(GuestFinder.Open(TargetSpec.Parse($"gdb:unix:{fixture.Guest.GdbSocket}")), kernelFile),
            () => Open(CoreTarget.Open(fixture.Core), kernelFile),
        ];
        Assert.True(_told.Count > 50);
        Assert.Equal(
            "DRSTZt",
            string.Concat(_told.Where(task => !task.IsKernel).Select(task => task.State).Distinct().Order())
        );
        Assert.All(
            ways,
            open =>
            {
                using GuestSession session = open();
                Assert.Equal(kernelFile is not null, session.Programs.Kernel is not null);
                Check(session);
            }
        );
    }

    private void Check(GuestSession session)
    {
        ThreadsAnswer answer = ThreadsAnswer.Ask(session, new ThreadQuery(), new QuestionContext());
        Assert.Empty(answer.List.Defects);
        Assert.Equal(
            ["swapper/0", "swapper/1"],
            answer.Threads.Where(row => row.State.Id == 0).Select(row => row.State.Name)
        );

        ToldTask[] told = [.. _told.Where(task => !task.IsWorker)];
        ThreadRow[] found =
        [
            .. answer.Threads.Where(row =>
                row.State.Id != 0 && !row.State.Name.StartsWith("kworker", StringComparison.Ordinal)
            ),
        ];
        Assert.Equal(
            told.Select(task => task.Lasting()).OrderBy(task => task.Id),
            found.Select(row => ToldTask.Of(row.State))
        );

        var differences = new StringBuilder();
        foreach ((ToldTask task, ThreadRow row) in told.OrderBy(task => task.Id).Zip(found))
        {
            if (task.IsKernel || task.Id == 1 || task.Name.StartsWith("spinner-", StringComparison.Ordinal))
                continue;

            var expected = (task.State, task.Realtime, task.Switches);
            var seen = (row.State.StateLetter, row.State.RealtimePriority, row.State.Switches);
            if (seen != expected)
                differences.Append($"{task.Name}: {seen}, not {expected}\n");

            if (
                FindChannel(row, session.Programs.Kernel is not null) is { } channel
                && task.Channel != "0"
                && channel != task.Channel
            )
                differences.Append($"{task.Name}: waits in {channel}, not {task.Channel}\n");
        }

        Assert.Equal("", differences.ToString());
        Assert.Equal(
            [
                ("futex-waiter", "a futex"),
                ("parent", "the end of a child process"),
                ("pipe-reader", "data in a pipe"),
                ("sleeper", "time: it sleeps"),
            ],
            found
                .Where(row => row.State.Name is "pipe-reader" or "futex-waiter" or "parent" or "sleeper")
                .Select(row => (row.State.Name, row.Wait?.Description))
                .OrderBy(item => item.Name, StringComparer.Ordinal)
        );
    }

    private GuestSession OpenCore() => Open(CoreTarget.Open(fixture.Core), null);

    private static GuestSession Open(GuestTarget target, string? kernelFile) =>
        GuestSession.Over(
            target,
            new GuestSettings
            {
                Cpu = 0,
                NoCache = true,
                ExecutablePath = kernelFile,
            }
        );
}
