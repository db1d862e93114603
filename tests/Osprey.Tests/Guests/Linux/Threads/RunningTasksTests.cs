using Osprey.Guests.Threads;
using Osprey.Session.Answers;
using Osprey.Session.Answers.Guests.Threads;
using Osprey.Session.Guests;
using Osprey.Target.Backends.Qemu;
using Osprey.Target.Backends.Qemu.Processes;
using Osprey.Target.Unwinding;
using Osprey.Tests.Guests.Fixtures;

namespace Osprey.Tests.Guests.Linux.Threads;

/// <summary>Stacks of two tasks that take turns on a vCPU of a guest that is not paused.</summary>
[Collection(TasksGuestCollection.Name)]
[Trait("Category", "Slow")]
public sealed class RunningTasksTests(TasksGuest fixture)
{
    private const int Rounds = 30;

    [LinuxGuestFact]
    public void Stacks_OfTasksThatTakeTurns_AreRead()
    {
        using var session = GuestSession.Over(
            QemuTarget.Attach(QemuProcess.TryRead(fixture.Guest.ProcessId)!),
            new GuestSettings { Cpu = 0, NoCache = true }
        );
        for (int round = 0; round < Rounds; round++)
        {
            session.Refresh();
            GuestThreadState[] spinners =
            [
                .. session
                    .ListThreads()
                    .Threads.Where(thread => thread.Name.StartsWith("spinner-", StringComparison.Ordinal)),
            ];
            Assert.Equal(2, spinners.Length);

            // The one that ran when they were listed waits for its turn by now, as often as not.
            Thread.Sleep(20);
            ThreadStacksAnswer answer = ThreadStacksAnswer.Ask(
                session,
                spinners,
                UnwinderOptions.Default,
                withVariables: false,
                new QuestionContext()
            );
            Assert.All(
                answer.Defects,
                defect => Assert.StartsWith("these threads ran each time", defect, StringComparison.Ordinal)
            );
            Assert.Equal(2, answer.Stacks.Sum(stack => stack.Threads.Count));
        }
    }
}
