using System.Globalization;
using Osprey.Guests.Threads;
using Osprey.Session.Answers;
using Osprey.Session.Answers.Guests.Threads;
using Osprey.Session.Guests;
using Osprey.Target.Backends.Qemu;
using Osprey.Target.Backends.Qemu.Processes;
using Osprey.Target.Unwinding;
using Osprey.Tests.Guests.Fixtures;
using Osprey.Tests.Guests.Report;

namespace Osprey.Tests.Guests.Linux.Threads;

/// <summary>Lists of the tasks of a guest that makes and ends tasks all the time, and is not paused.</summary>
[Collection(TasksGuestCollection.Name)]
[Trait("Category", "Slow")]
public sealed class ForksGuestTests
{
    private const int Rounds = 30;

    /// <summary>The names of all that the guest's programs make, beside the tasks that stay.</summary>
    private static readonly string[] s_passing = ["init", "forker", "fleeting"];

    /// <summary>
    /// No task is missing that was there all the time, and none is shown that never was: a kernel's own, or one of the
    /// names that the guest's programs have.
    /// </summary>
    [LinuxGuestFact]
    public void Tasks_WhileTheGuestForks_AreNeitherInventedNorMissing()
    {
        using var guest = new LinuxGuest(LinuxGuestVariant.Forks);
        (ulong Id, ulong? Process, string Name)[] steady =
        [
            .. guest
                .ReadReport()
                .Split('\n')
                .Where(line => line.StartsWith("steady ", StringComparison.Ordinal))
                .Select(GuestReportLine.Parse)
                .Select(line => (line.GetNumber("tid"), (ulong?)line.GetNumber("pid"), line["name"]))
                .Order(),
        ];
        Assert.Equal(60, steady.Length);
        using var session = GuestSession.Over(
            QemuTarget.Attach(QemuProcess.TryRead(guest.ProcessId)!),
            new GuestSettings { Cpu = 0, NoCache = true }
        );
        ulong[]? kernel = null;
        var seen = new HashSet<ulong>();
        int rounds = CountRounds();
        for (int round = 0; round < rounds; round++)
        {
            session.Refresh();
            ThreadsAnswer answer = ThreadsAnswer.Ask(
                session,
                new ThreadQuery { WithPlaces = round % 2 == 0 },
                new QuestionContext()
            );
            GuestThreadState[] tasks = [.. answer.Threads.Select(row => row.State)];
            Assert.Equal(
                steady,
                tasks
                    .Where(task => task.Name.StartsWith("steady-", StringComparison.Ordinal))
                    .Select(task => (task.Id, task.ProcessId, task.Name))
                    .Order()
            );
            Assert.All(tasks, task => Check(task));
            Assert.Distinct(tasks.Select(task => task.Address));
            Assert.Distinct(tasks.Select(task => task.Id).Where(id => id != 0));

            // Workers come and go.
            ulong[] own =
            [
                .. tasks
                    .Where(task => task.IsKernel == true && !task.Name.StartsWith("kworker/", StringComparison.Ordinal))
                    .Select(task => task.Address),
            ];
            kernel ??= own;
            Assert.Superset(kernel.ToHashSet(), own.ToHashSet());
            Assert.All(answer.Defects, defect => Assert.True(IsOfForks(defect), defect));
            seen.UnionWith(tasks.Where(task => task.Name == "fleeting").Select(task => task.Id));
        }

        Assert.True(guest.IsRunning);
        Assert.True(seen.Count > rounds / 10, $"{seen.Count}");
    }

    /// <summary>
    /// A vCPU runs another task by the time that its registers are read, as often as not: its stack is not shown under
    /// the name of the one that ran when tasks were listed.
    /// </summary>
    [LinuxGuestFact]
    public void Stacks_OfTasksThatRan_AreTheirOwn()
    {
        using var guest = new LinuxGuest(LinuxGuestVariant.Forks);
        guest.ReadReport();
        using var session = GuestSession.Over(
            QemuTarget.Attach(QemuProcess.TryRead(guest.ProcessId)!),
            new GuestSettings { Cpu = 0, NoCache = true }
        );
        for (int round = 0; round < 3 * Rounds; round++)
        {
            session.Refresh();
            GuestThreadState[] running = [.. session.ListThreads().Threads.Where(thread => thread.IsRunning)];
            ThreadStacksAnswer answer = ThreadStacksAnswer.Ask(
                session,
                running,
                UnwinderOptions.Default,
                withVariables: false,
                new QuestionContext()
            );
            foreach (ThreadStack stack in answer.Stacks)
            {
                // Those that wait for a CPU by now may have the same frames.
                if (stack.Threads is not [{ State: { IsRunning: true } task }])
                    continue;

                ulong?[] pointers = [.. stack.Backtrace.Frames.Select(frame => frame.Registers.StackPointer)];
                bool isInKernel = pointers.Any(pointer => pointer >= 1UL << 63);
                Assert.True(
                    !isInKernel
                        || pointers.Any(pointer =>
                            pointer >= task.StackStart && pointer <= task.StackStart + task.StackSize
                        ),
                    $"{task.Label} {task.State}: {string.Join(' ', stack.Rows)}"
                );
            }
        }
    }

    private static void Check(GuestThreadState task)
    {
        Assert.NotNull(task.ProcessId);
        Assert.True(
            task.IsKernel == true
                || s_passing.Contains(task.Name)
                || task.Name.StartsWith("steady-", StringComparison.Ordinal),
            task.Label
        );
        Assert.NotEqual('X', task.StateLetter);
        if (task.Id != 0)
            Assert.NotNull(task.ParentId);
    }

    /// <summary>
    /// True when a list says of itself that the guest changed it meanwhile, and nothing else is wrong.
    /// </summary>
    private static bool IsOfForks(string defect) =>
        defect == "the guest began or ended tasks during each of the walks"
        || defect.StartsWith("the kernel counts ", StringComparison.Ordinal)
        || defect.StartsWith("these threads ran each time that their stacks were read: ", StringComparison.Ordinal);

    private static int CountRounds() =>
        int.TryParse(
            Environment.GetEnvironmentVariable("OSPREY_FORK_ROUNDS"),
            NumberStyles.None,
            CultureInfo.InvariantCulture,
            out int rounds
        )
            ? rounds
            : Rounds;
}
