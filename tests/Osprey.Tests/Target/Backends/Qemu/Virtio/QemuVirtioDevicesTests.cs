using Osprey.Target;
using Osprey.Target.Backends.Qemu.Qmp;
using Osprey.Target.Backends.Qemu.Virtio;
using Osprey.Tests.Builders.Guests;

namespace Osprey.Tests.Target.Backends.Qemu.Virtio;

/// <summary>Which versions of QEMU are asked for their virtio devices.</summary>
public sealed class QemuVirtioDevicesTests
{
    [Theory]
    [InlineData(10, 1)]
    [InlineData(11, 0)]
    public void Ask_QemuThatMightEnd_IsToldAndAsksNothing(int major, int minor)
    {
        using var qmp = new FakeQmp(Greet(major, minor), FakeQmp.Done, null);
        using (var client = QmpClient.Connect(qmp.Endpoint, TimeSpan.FromSeconds(60)))
        {
            TargetException refused = Assert.Throws<TargetException>(() => QemuVirtioDevices.Ask(client, _ => true));
            Assert.Equal(
                (
                    TargetProblem.NotSupported,
                    $"QEMU {major}.{minor}.3 is not asked for its virtio devices (x-query-virtio-status): "
                        + "QEMU 11.1.3 ends at that question, and its guest with it; 10.0 and older answer"
                ),
                (refused.Problem, refused.Message)
            );
        }

        Assert.Contains("qmp_capabilities", Assert.Single(qmp.Received));
    }

    [Fact]
    public void Ask_QemuThatAnswers_IsAsked()
    {
        using var qmp = new FakeQmp(Greet(10, 0), FakeQmp.Done, """{"return": []}""" + "\n", null);
        using (var client = QmpClient.Connect(qmp.Endpoint, TimeSpan.FromSeconds(60)))
            Assert.Empty(QemuVirtioDevices.Ask(client, _ => true)!);
    }

    private static string Greet(int major, int minor) =>
        FakeQmp
            .Greeting.Replace(
                "\"micro\": 22, \"minor\": 2",
                $"\"micro\": 3, \"minor\": {minor}",
                StringComparison.Ordinal
            )
            .Replace("\"major\": 7", $"\"major\": {major}", StringComparison.Ordinal);
}
