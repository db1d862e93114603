using Osprey.Guests.Failures;
using Osprey.Session.Answers;
using Osprey.Session.Answers.Guests.Failures;
using Osprey.Session.Guests;
using Osprey.Target.Backends.Qemu;
using Osprey.Target.Backends.Qemu.Processes;
using Osprey.Tests.Guests.Fixtures;

namespace Osprey.Tests.Guests.Linux.Failures;

/// <summary>A Linux guest whose kernel panicked, as it is found from outside, against what it wrote.</summary>
[Trait("Category", "Slow")]
public sealed class PanicGuestTests(PanicGuest fixture) : IClassFixture<PanicGuest>
{
    [LinuxGuestFact]
    public void Panic_IsFound_WithItsWordsCpuTaskStackAndReport()
    {
        fixture.WaitForPanic();
        using var session = GuestSession.Over(
            QemuTarget.Attach(QemuProcess.TryRead(fixture.Guest.ProcessId)!),
            new GuestSettings { Cpu = 0, NoCache = true }
        );
        FailureAnswer answer = FailureAnswer.Ask(session, new QuestionContext());
        Assert.Equal(
            (GuestVerdict.Aborted, "sysrq triggered crash", "running"),
            (answer.Verdict, answer.Message, answer.QemuState)
        );
        FailureCpu failed = answer.Failed!;
        Assert.Equal(
            $"the guest panicked on vCPU {failed.Cpu} in thread 1 (init): sysrq triggered crash",
            answer.Sentence
        );
        Assert.Contains("panic", failed.Rows.Select(row => row.Function));
        Assert.Contains("write_sysrq_trigger", failed.Rows.Select(row => row.Function));
        Assert.Equal(GuestCpuActivity.IsStopped, Assert.Single(answer.Cpus, cpu => cpu != failed).Activity);
        Assert.Empty(answer.Hung);
        Assert.Empty(answer.Defects);

        // What the kernel wrote on its console from then on.
        string[] console =
        [
            .. fixture
                .Guest.ReadConsole()
                .Split('\n')
                .Select(line => line.TrimEnd('\r'))
                .Where(line => line.Length > 0),
        ];
        int first = Array.FindIndex(
            console,
            line => line.EndsWith("Kernel panic - not syncing: sysrq triggered crash", StringComparison.Ordinal)
        );
        int last = Array.FindIndex(console, line => line.Contains("---[ end Kernel panic", StringComparison.Ordinal));
        Assert.Equal(console[first..(last + 1)], answer.Report);
    }
}
