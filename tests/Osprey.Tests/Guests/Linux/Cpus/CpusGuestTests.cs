using System.Globalization;
using Osprey.Guests;
using Osprey.Guests.Cpus;
using Osprey.Guests.Interrupts;
using Osprey.Guests.Linux;
using Osprey.Guests.Linux.Cpus;
using Osprey.Guests.Linux.Interrupts;
using Osprey.Guests.Linux.Threads;
using Osprey.Guests.Linux.Timers;
using Osprey.Guests.Threads;
using Osprey.Session.Answers;
using Osprey.Session.Answers.Guests.Cpus;
using Osprey.Session.Answers.Guests.Interrupts;
using Osprey.Session.Answers.Guests.Timers;
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

namespace Osprey.Tests.Guests.Linux.Cpus;

/// <summary>A Linux guest's CPUs, interrupts and timers, against its own <c>/proc</c>.</summary>
[Collection(TasksGuestCollection.Name)]
[Trait("Category", "Slow")]
public sealed class CpusGuestTests(TasksGuest fixture)
{
    [LinuxGuestFact]
    public void Cpus_AreThoseOfCpuinfo_AndRunWhatTheyDo()
    {
        using GuestSession session = OpenCore();
        GuestList<CpuStateRow> cpus = CpuStateRow.Ask(session, new QuestionContext());
        Assert.Empty(cpus.Defects);
        string[] told = ToldCounters.ReadLines(fixture, "cpuinfo");
        string[][] values =
        [
            .. new[]
            {
                "processor",
                "vendor_id",
                "model name",
                "physical id",
                "core id",
                "initial apicid",
                "cpu MHz",
            }.Select(name =>
                told.Where(line => line.Split('\t')[0] == name)
                    .Select(line => line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim())
                    .ToArray()
            ),
        ];
        Assert.Equal(
            Enumerable.Range(0, 2).Select(cpu => string.Join('|', values.Select(value => value[cpu]))),
            cpus.Items.Select(row =>
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{row.Cpu.Number}|{row.Cpu.Vendor}|{row.Cpu.Model}|{row.Cpu.Package}|{row.Cpu.Core}|"
                ) + string.Create(CultureInfo.InvariantCulture, $"{row.Cpu.ApicId}|{row.Cpu.Frequency / 1000.0:0.000}")
            )
        );
        Assert.All(cpus.Items, row => Assert.True(row.Cpu.IsOnline));
        Assert.Equal([true, false], cpus.Items.Select(row => row.Cpu.IsIdle!.Value));
        Assert.StartsWith("spinner-", cpus.Items[1].Cpu.Thread!.Name, StringComparison.Ordinal);
    }

    [LinuxGuestFact]
    public void Interrupts_AreThoseOfProc()
    {
        using GuestSession session = OpenCore();
        GuestList<InterruptRow> interrupts = InterruptRow.Ask(session, new QuestionContext());
        Assert.Empty(interrupts.Defects);
        string[][] told =
        [
            .. ToldCounters
                .ReadLines(fixture, "interrupts")
                .Select(ToldCounters.Split)
                .Where(words => words[0].EndsWith(':') && words.Length > 3),
        ];
        string[][] lines = [.. told.Where(words => char.IsAsciiDigit(words[0][0]))];
        Assert.True(lines.Length >= 5);
        GuestInterrupt[] numbered =
        [
            .. interrupts.Items.Select(row => row.Interrupt).Where(item => item.Address is not null),
        ];
        Assert.Equal(
            lines.Select(words => $"{words[0]} {words[3]} {words[4]} {string.Join(' ', words[5..])}"),
            numbered.Select(item =>
                $"{item.Name}: {item.Controller} {item.HardwareNumber}-{item.Trigger} "
                + string.Join(", ", item.Handlers.Select(handler => handler.Device))
            )
        );

        // They went on since.
        Dictionary<string, GuestInterrupt> found = interrupts.Items.ToDictionary(
            row => row.Interrupt.Name + ":",
            row => row.Interrupt
        );
        string[] strange =
        [
            .. told.Where(words =>
                    !found.TryGetValue(words[0], out GuestInterrupt? item)
                    || item.Counts.Count != 2
                    || item.Counts[0] < ulong.Parse(words[1], CultureInfo.InvariantCulture)
                    || item.Counts[1] < ulong.Parse(words[2], CultureInfo.InvariantCulture)
                    || (item.Description ?? string.Join(' ', words[3..])) != string.Join(' ', words[3..])
                )
                .Select(words => string.Join(' ', words)),
        ];
        Assert.Empty(strange);
        Assert.Equal(
            ToldCounters
                .ReadLines(fixture, "interrupts")
                .Select(ToldCounters.Split)
                .Where(words => words[0] is "ERR:" or "MIS:")
                .Select(words => string.Join(' ', words[..2])),
            interrupts
                .Items.Where(row => row.Interrupt.Name is "ERR" or "MIS")
                .Select(row => $"{row.Interrupt.Name}: {row.Interrupt.Total}")
        );
        CheckSoftInterrupts(interrupts.Items);
        InterruptRow serial = interrupts.Items.Single(row => row.Interrupt.Name == "4");
        Assert.Equal(["serial8250_interrupt"], serial.Functions);
    }

    private void CheckSoftInterrupts(IEnumerable<InterruptRow> rows)
    {
        string[][] told =
        [
            .. ToldCounters
                .ReadLines(fixture, "softirqs")
                .Select(ToldCounters.Split)
                .Where(words => words[0].EndsWith(':')),
        ];
        GuestInterrupt[] soft = [.. rows.Select(row => row.Interrupt).Where(item => item.IsSoft)];
        Assert.Equal(10, told.Length);
        Assert.Equal(told.Select(words => words[0]), soft.Select(item => item.Name + ":"));

        // They went on since, by less than they count in a minute.
        Assert.All(
            told.Zip(soft),
            pair =>
            {
                for (int cpu = 0; cpu < 2; cpu++)
                    Assert.InRange(
                        pair.Second.Counts[cpu] - ulong.Parse(pair.First[cpu + 1], CultureInfo.InvariantCulture),
                        0UL,
                        1_000_000UL
                    );
            }
        );
        Assert.Contains(soft, item => item.Name == "TIMER" && item.Counts[0] > 10);
    }

    [LinuxGuestFact]
    public void Timers_AreThoseOfTheTimerList_AndOfTheWheel()
    {
        using GuestSession session = OpenCore();
        GuestList<KernelTimerRow> timers = KernelTimerRow.Ask(session, new QuestionContext());
        Assert.Empty(timers.Defects);

        // What is far away is the same still.
        const long Far = 100_000_000_000_000;
        string[] told = ToldCounters.ReadLines(fixture, "timer_list");
        var far = new List<string>();
        for (int i = 1; i < told.Length; i++)
        {
            string[] words = ToldCounters.Split(told[i]);
            if (
                words is ["#", "expires", "at", var range, ..]
                && long.Parse(range.Split('-')[1], CultureInfo.InvariantCulture) is > Far and var time
            )
                far.Add($"{ToldCounters.Split(told[i - 1])[2].TrimEnd(',')} {time}");
        }

        Assert.NotEmpty(far);
        Assert.Equal(
            far.Order(StringComparer.Ordinal),
            timers
                .Items.Where(row => row.Timer is { Kind: "hrtimer", Time: > Far })
                .Select(row => $"{row.Function} {row.Timer.Time}")
                .Order(StringComparer.Ordinal)
        );
        KernelTimerRow sleeper = timers.Items.Single(row => row.Thread?.Name == "sleeper");
        Assert.Equal(("hrtimer", "hrtimer_wakeup"), (sleeper.Timer.Kind, sleeper.Function));

        KernelTimerRow[] wheel = [.. timers.Items.Where(row => row.Timer.Kind == "wheel")];
        Assert.True(wheel.Length > 3);
        Assert.All(wheel, row => Assert.False(row.Function.StartsWith("0x", StringComparison.Ordinal), row.Function));
        Assert.Contains(wheel, row => row is { Function: "process_timeout", Thread.Name: "khungtaskd" });
        Assert.Contains(wheel, row => row is { Function: "delayed_work_timer_fn", Work: "vmstat_shepherd" });
        long now = sleeper.Timer.Time!.Value - sleeper.Timer.Remaining!.Value;
        Assert.InRange(now, 1_000_000_000, session.ListThreads().Time!.Value + 1_000_000_000);
        Assert.All(
            timers.Items.GroupBy(row => row.Timer.Cpu),
            cpu => Assert.Contains(cpu, row => row.Function is "tick_sched_timer" or "tick_nohz_handler")
        );
    }

    [LinuxGuestFact]
    public void EachWay_GivesTheSame()
    {
        Func<GuestSession>[] ways =
        [
            () => Open(QemuTarget.Attach(QemuProcess.TryRead(fixture.Guest.ProcessId)!)),
            () => Open(GuestFinder.Open(TargetSpec.Parse($"gdb:unix:{fixture.Guest.GdbSocket}"))),
            OpenCore,
        ];
        string[] names = [];
        foreach (Func<GuestSession> open in ways)
        {
            using GuestSession session = open();
            string[] found =
            [
                .. CpuStateRow
                    .Ask(session, new QuestionContext())
                    .Items.Select(row => $"{row.Cpu.Number} {row.Cpu.Model}"),
                .. InterruptRow.Ask(session, new QuestionContext()).Items.Select(row => row.Interrupt.Name),
            ];
            Assert.Contains(
                KernelTimerRow.Ask(session, new QuestionContext()).Items,
                row => row.Thread?.Name == "sleeper"
            );
            Assert.True(names.Length == 0 || names.SequenceEqual(found), string.Join('\n', found));
            names = found;
        }
    }

    [LinuxGuestFact]
    public void DamagedMemory_EndsInOurErrorsOnly()
    {
        using GuestSession session = OpenCore();
        GuestKernel kernel = session.Kernel;
        GuestThreadList threads = session.ListThreads();
        LinuxTaskLayout layout = LinuxTaskLayout.Of(kernel);
        LinuxCpus cpus = LinuxCpus.Read(kernel);
        ulong[] places =
        [
            .. LinuxInterrupts
                .Read(kernel, default)
                .Items.Where(item => item.Address is not null)
                .Select(item => item.Address!.Value),
            .. LinuxTimers.Read(kernel, default).Items.Select(timer => timer.Address),
            .. cpus.All.SelectMany(cpu =>
                new[] { "timer_bases", "hrtimer_bases", "cpu_info" }.Select(name => cpus.Find(name, cpu.Offset)!.Value)
            ),
            kernel.FindSymbol("sparse_irqs") ?? kernel.FindSymbol("irq_desc_tree")!.Value,
            .. new[] { "last_jiffies_update", "clocksource_jiffies", "__cpu_present_mask" }.Select(name =>
                kernel.Symbols.FindSymbol(name)!.Value
            ),
            .. new[] { "__per_cpu_offset", "nr_cpu_ids", "__cpu_online_mask" }.Select(name =>
                kernel.Symbols.FindSymbol(name)!.Value
            ),
        ];
        var damage = new MemoryDamage(kernel.Values.Memory, places);
        int rounds = MemoryDamage.Rounds(50);
        int said = 0;
        for (int round = 0; round < rounds; round++)
        {
            OverlaidMemory memory = damage.Next();
            var damaged = new GuestKernel(
                new ValueSpace(memory, kernel.Values.Modules),
                session.Symbols,
                new UnwindModuleList([])
            );
            GuestList<GuestCpuState> states = LinuxCpuStates.Read(damaged, layout, threads, default);
            Assert.InRange(states.Items.Count, 0, 8192);
            said += states.Defects.Count > 0 ? 1 : 0;
            said += LinuxInterrupts.Read(damaged, default) is { Defects.Count: > 0 } ? 1 : 0;
            said += LinuxTimers.Read(damaged, default) is { Defects.Count: > 0 } ? 1 : 0;
            Assert.True(memory.Reads < 1_000_000, $"round {round}: {memory.Reads} reads");
        }

        Assert.True(said > rounds / 10, $"{said}");
    }

    private GuestSession OpenCore() => Open(CoreTarget.Open(fixture.Core));

    private static GuestSession Open(GuestTarget target) =>
        GuestSession.Over(target, new GuestSettings { Cpu = 0, NoCache = true });
}
