using Osprey.Guests.Threads;
using Osprey.Session.Guests;
using Osprey.Target.Execution;
using Osprey.Tests.Guests;
using Osprey.Tests.Guests.Fixtures;
using Osprey.Tests.Guests.Osv;
using Osprey.Tests.Symbols.Oracle;

namespace Osprey.Tests.Debugging;

/// <summary>The thread that a vCPU runs, with and without the list of all.</summary>
[Collection(TasksGuestCollection.Name)]
[Trait("Category", "Slow")]
public sealed class RunningThreadTests(TasksGuest fixture)
{
    [LinuxGuestFact]
    public void FindRunning_OfLinux_IsTheOneOfTheList() => Compare(fixture.Guest.Name, needsList: false);

    [OsvBuildFact("qemu-system-x86_64")]
    public void FindRunning_OfOsv_IsTheOneOfTheList()
    {
        using var guest = new OsvGuest(2);
        guest.WaitForBoot();
        Compare(guest.Name, needsList: true);
    }

    private static void Compare(string name, bool needsList)
    {
        var settings = new GuestSettings { Target = TargetSpec.Parse(name), Permissions = TargetPermissions.Execute };
        using GuestSession guest = SteeredGuest.Open(settings, CancellationToken.None);
        IExecutionControl execution = guest.Target.Require<IExecutionControl>();
        var seen = new HashSet<ulong>();
        int hits = 0;
        for (int look = 0; look < 40; look++)
        {
            for (int cpu = 0; cpu < guest.Target.CpuCount; cpu++)
            {
                GuestThreadState? found = guest.FindRunning(cpu);
                GuestThreadState? listed = guest
                    .ListThreads()
                    .Threads.FirstOrDefault(one => one.IsRunning && guest.FindVcpu(one)?.Cpu == cpu);
                if (found is null && needsList)
                    continue; // a thread that was not listed before

                Assert.Equal((listed?.Address, listed?.Id), (found?.Address, found?.Id));
                if (found is null)
                    continue;

                seen.Add(found.Address);
                hits++;
            }

            execution.Resume();
            Thread.Sleep(10);
            execution.Stop();
            _ = execution.WaitForStop(TimeSpan.Zero);
            guest.RefreshContexts();
        }

        Assert.True(hits > 20, $"{hits} times a vCPU was seen to run a thread");
        Assert.True(seen.Count > 1, $"{seen.Count} threads were seen to run");
    }
}
