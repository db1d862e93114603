using Osprey.Target;
using Osprey.Target.Architectures.X64;
using Osprey.Target.Backends.Qemu;
using Osprey.Target.Backends.Qemu.Processes;
using Osprey.Target.Backends.Qemu.Qmp;
using Osprey.Tests.Guests;
using Osprey.Tests.Symbols.Oracle;

namespace Osprey.Tests.Target.Backends.Qemu;

/// <summary>A QMP socket has one client at a time, and those who look at a guest for long leave it to others.</summary>
public sealed class SharedQmpTests
{
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan s_impatience = TimeSpan.FromMilliseconds(800);

    [ToolFact("qemu-system-x86_64")]
    public void Socket_OfATargetThatAsksNothing_IsFreeForOthers()
    {
        using var guest = new BareGuest(hasQmp: true, "-m", "32");
        using QemuTarget target = Attach(guest);

        for (int i = 0; i < 2; i++)
        {
            using (var other = QmpClient.Connect(QmpEndpointOf(guest), s_timeout))
                Assert.Equal("running", other.Execute("query-status").GetProperty("status").GetString());

            Assert.NotEqual(0UL, target.ReadRegisters(0)[X64Register.Cr0]);
            Assert.Equal("running", target.AskRunState());
        }
    }

    [ToolFact("qemu-system-x86_64")]
    public void Socket_OfATargetThatStoppedTheGuest_IsKeptUntilItRuns()
    {
        using var guest = new BareGuest(hasQmp: true, "-m", "32");
        using QemuTarget target = Attach(guest);

        using (target.Pause())
        {
            TargetException busy = Assert.Throws<TargetException>(() =>
                QmpClient.Connect(QmpEndpointOf(guest), s_impatience)
            );
            Assert.Equal(TargetProblem.QmpBusy, busy.Problem);
        }

        using (var other = QmpClient.Connect(QmpEndpointOf(guest), s_timeout))
            Assert.Equal("running", other.Execute("query-status").GetProperty("status").GetString());
    }

    [ToolFact("qemu-system-x86_64")]
    public void Question_WhileAnotherIsConnected_IsRefusedAndAnsweredLater()
    {
        using var guest = new BareGuest(hasQmp: true, "-m", "32");
        using QemuTarget target = Attach(guest);
        using (QmpClient.Connect(QmpEndpointOf(guest), s_timeout))
        {
            TargetException busy = Assert.Throws<TargetException>(() => target.ReadRegisters(0));
            Assert.Equal(TargetProblem.QmpBusy, busy.Problem);
        }

        Assert.NotEqual(0UL, target.ReadRegisters(0)[X64Register.Cr0]);
    }

    [ToolFact("qemu-system-x86_64")]
    public void Question_ToAQemuThatEndedMeanwhile_IsNotAskedOfItsSuccessor()
    {
        using var guest = new BareGuest(hasQmp: true, "-m", "32");
        using QemuTarget target = Attach(guest);
        using (QmpClient.Connect(QmpEndpointOf(guest), s_timeout)) { }

        guest.Kill();

        TargetException lost = Assert.Throws<TargetException>(() => target.AskRunState());
        Assert.Equal(TargetProblem.QmpLost, lost.Problem);
    }

    private static QemuTarget Attach(BareGuest guest) => QemuTarget.Attach(QemuProcess.TryRead(guest.ProcessId)!);

    private static QmpEndpoint QmpEndpointOf(BareGuest guest) => QmpEndpoint.Unix(guest.QmpSocket);
}
