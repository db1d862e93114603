using System.Diagnostics;
using System.Globalization;
using Osprey.Guests.Threads;
using Osprey.Session.Answers.Guests.Load;

namespace Osprey.Tests.Session.Guests.Load;

/// <summary>The load of threads and CPUs between two looks.</summary>
public sealed class LoadMeterTests
{
    private const long Second = 1_000_000_000;

    [Fact]
    public void Next_FirstLook_IsSinceBoot()
    {
        var meter = new LoadMeter();
        LoadAnswer answer = meter.Next(
            new GuestThreadList([Idle(0, 6 * Second), Make(2, 3 * Second), Make(3, Second)], [], 10 * Second),
            0
        );
        Assert.True(answer.IsSinceBoot);
        Assert.Equal("2: 30.0, 3: 10.0; CPU 0: 40.0 busy, 0 ready", Describe(answer));
    }

    [Fact]
    public void Next_LaterLook_IsTheDifference()
    {
        var meter = new LoadMeter();
        meter.Next(new GuestThreadList([Idle(0, 6 * Second), Make(2, 3 * Second)], [], 10 * Second), 0);
        LoadAnswer answer = meter.Next(
            new GuestThreadList(
                [
                    Idle(0, 7 * Second),
                    Make(2, (3 * Second) + (Second / 2)),
                    Make(3, Second / 2) with
                    {
                        Address = 0x9000,
                    },
                    Make(4, 0, "queued"),
                    Make(5, 0, "waking"),
                ],
                [],
                12 * Second
            ),
            2 * Stopwatch.Frequency
        );
        Assert.False(answer.IsSinceBoot);
        Assert.Equal(2 * Second, answer.Period);
        Assert.Equal("2: 25.0, 3: 25.0, 4: 0.0, 5: 0.0; CPU 0: 50.0 busy, 2 ready", Describe(answer));
    }

    [Fact]
    public void Next_ThreadThatRanWithoutASwitch_RanAllTheTime()
    {
        var meter = new LoadMeter();
        GuestThreadState spinner = Make(2, 3 * Second) with { IsRunning = true, Switches = 9, SwitchedAt = Second };
        var list = new GuestThreadList([Idle(0, 6 * Second), spinner], [], 10 * Second);
        meter.Next(list, 0);
        LoadAnswer answer = meter.Next(list, 3 * Stopwatch.Frequency);
        Assert.Equal(3 * Second, answer.Period);
        Assert.Equal("2: 100.0; CPU 0: 100.0 busy, 0 ready", Describe(answer));
    }

    [Fact]
    public void Next_CountersThatGoBack_AreNoLoad()
    {
        var meter = new LoadMeter();
        meter.Next(new GuestThreadList([Make(2, long.MaxValue)], [], Second), 0);
        LoadAnswer answer = meter.Next(new GuestThreadList([Make(2, 5)], [], 2 * Second), Stopwatch.Frequency);
        Assert.Equal("2: 0.0; CPU 0: ? busy, 0 ready", Describe(answer));
    }

    private static string Describe(LoadAnswer answer)
    {
        string Show(double? share) => share?.ToString("0.0", CultureInfo.InvariantCulture) ?? "?";
        return string.Join(", ", answer.Threads.Select(load => $"{load.Thread.Id}: {Show(load.Share)}"))
            + "; "
            + string.Join(", ", answer.Cpus.Select(cpu => $"CPU {cpu.Cpu}: {Show(cpu.Busy)} busy, {cpu.Ready} ready"));
    }

    private static GuestThreadState Idle(int cpu, long time) =>
        Make(1, time) with
        {
            Cpu = cpu,
            Priority = double.PositiveInfinity,
        };

    private static GuestThreadState Make(ulong id, long time, string state = "waiting") =>
        new(id, id << 8, $"t{id}", state)
        {
            Cpu = 0,
            CpuTime = time,
            Priority = 1,
        };
}
