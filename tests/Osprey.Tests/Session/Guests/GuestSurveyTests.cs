using Osprey.Session.Guests;
using Osprey.Target.Backends.Qemu.Processes;
using Osprey.Tests.Builders.Guests;
using Osprey.Tests.Target.Backends.Qemu.Live;

namespace Osprey.Tests.Session.Guests;

public sealed class GuestSurveyTests
{
    [Fact]
    public void Ask_SomeAreSilentOrBusy_TheOthersAnswerAndThoseAreNamed()
    {
        using var well = new AnsweringQmp();
        well.Answer = line =>
            line.Length == 0 ? FakeQmp.Greeting
            : line.Contains("query-status", StringComparison.Ordinal)
                ? "{\"return\": {\"status\": \"running\", \"running\": true}}\n"
            : line.Contains("query-cpus-fast", StringComparison.Ordinal) ? "{\"return\": [{}, {}, {}]}\n"
            : line.Contains("summary", StringComparison.Ordinal) ? "{\"return\": {\"base-memory\": 4194304}}\n"
            : FakeQmp.Done;
        using var busy = new SilentServer();
        busy.Connect();
        busy.Accept();
        SilentServer[] silent = [.. Enumerable.Range(0, 20).Select(_ => new SilentServer())];
        QemuProcess[] processes =
        [
            Process("busy", busy.Path!),
            .. silent.Select((server, i) => Process($"silent{i}", server.Path!)),
            Process("well", well.Path),
            OwnProcess.AsQemu("-name", "told", "-m", "48", "-smp", "7"),
            OwnProcess.AsQemu("-name", "unknown", "-readconfig", "/nowhere/qemu.conf"),
        ];

        IReadOnlyList<GuestListing> listings = GuestSurvey.Ask(processes, CancellationToken.None);

        Assert.Equal(processes, listings.Select(listing => listing.Process));
        Assert.Equal((null, 1), (listings[0].State, listings[0].CpuCount));
        Assert.Contains(" is busy: ", listings[0].QmpProblem, StringComparison.Ordinal);
        Assert.All(listings.Skip(1).Take(20), listing => Assert.NotNull(listing.QmpProblem));
        Assert.Equal(
            ("running", 3, 4UL << 20, null),
            (listings[^3].State, listings[^3].CpuCount, listings[^3].MemorySize, listings[^3].QmpProblem)
        );
        Assert.Equal((7, 48UL << 20, null), (listings[^2].CpuCount, listings[^2].MemorySize, listings[^2].Qmp));
        Assert.Equal(((int?)null, (ulong?)null), (listings[^1].CpuCount, listings[^1].MemorySize));
        foreach (SilentServer server in silent)
            server.Dispose();
    }

    [Fact]
    public void Ask_Cancelled_Ends()
    {
        using var silent = new SilentServer();
        using var cancellation = new CancellationTokenSource();
        cancellation.Cancel();

        Assert.Throws<OperationCanceledException>(() =>
            GuestSurvey.Ask([Process("silent", silent.Path!)], cancellation.Token)
        );
    }

    private static QemuProcess Process(string name, string path) =>
        OwnProcess.AsQemu("-name", name, "-qmp", $"unix:{path},server=on,wait=off");
}
