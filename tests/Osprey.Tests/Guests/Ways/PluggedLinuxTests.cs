using System.Diagnostics;
using System.Text.Json;
using Osprey.Tests.Cli;
using Osprey.Tests.Guests.Qmp;
using Osprey.Tests.Guests.Report;

namespace Osprey.Tests.Guests.Ways;

/// <summary>A Linux guest that gets a vCPU and memory while it runs, and uses both.</summary>
public sealed class PluggedLinuxTests
{
    private const string Plugged = "plugged ";
    private const string Text = "in plugged memory";
    private const int Size = 128 << 20;
    private const ulong PluggedStart = 4UL << 30;
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);

    [PluggedLinuxFact]
    [Trait("Category", "Slow")]
    public void CpuAndMemory_PluggedLater_AreSeenAsTheGuestUsesThem()
    {
        using var guest = new LinuxGuest(LinuxGuestVariant.Plugged);
        using (var qmp = new QmpClient(guest.TestQmpSocket))
            Plug(qmp);

        GuestReportLine report = WaitForReport(guest);
        ulong address = report.GetNumber("address");
        ulong physical = report.GetNumber("physical");
        Assert.InRange(physical, PluggedStart, PluggedStart + Size);

        Assert.Matches(@"(?m)^  0x0000000100000000-0x0000000107ffffff +128 MiB  ram +more$", Run(guest, "info").Text);
        Assert.Matches(@"(?m)^ +1  busy +\d+  on-second ", Run(guest, "cpus").Text);
        Assert.Matches($@"(?m)^total +{report.GetNumber("kib")} KiB ", Run(guest, "memory").Text);
        Assert.Contains(
            $"0x{address:x} is physical 0x{physical:x}, in a page of 4 KiB, rw-u",
            Run(guest, "pagetable", $"0x{address:x}", "--thread", "1").Text,
            StringComparison.Ordinal
        );
        Assert.Equal(Text, ReadText(guest, address));
        Assert.Matches(@"(?m)^thread \d+ on-second: running on CPU 1$", Run(guest, "bt", "--all").Text);

        // Another program has each of its QMP sockets, as libvirt does.
        using var one = new QmpClient(guest.QmpSocket);
        using var other = new QmpClient(guest.TestQmpSocket);
        CommandRun held = Run(guest, "info");
        Assert.Contains("system        Linux ", held.Text, StringComparison.Ordinal);
        Assert.Contains("what was plugged in later is not seen", held.Messages, StringComparison.Ordinal);
    }

    private static void Plug(QmpClient qmp)
    {
        qmp.Execute(
            "object-add",
            new Dictionary<string, object>
            {
                ["qom-type"] = "memory-backend-memfd",
                ["id"] = "more",
                ["size"] = Size,
                ["share"] = true,
            }
        );
        qmp.Execute(
            "device_add",
            new
            {
                driver = "pc-dimm",
                id = "dimm",
                memdev = "more",
            }
        );
        JsonElement slot = qmp.Execute("query-hotpluggable-cpus")
            .EnumerateArray()
            .First(item => !item.TryGetProperty("qom-path", out _));
        var cpu = new Dictionary<string, object>
        {
            ["driver"] = slot.GetProperty("type").GetString()!,
            ["id"] = "cpu1",
        };
        foreach (JsonProperty property in slot.GetProperty("props").EnumerateObject())
            cpu[property.Name] = property.Value.GetInt32();

        qmp.Execute("device_add", cpu);
    }

    private static GuestReportLine WaitForReport(LinuxGuest guest)
    {
        var clock = Stopwatch.StartNew();
        while (clock.Elapsed < s_patience && guest.IsRunning)
        {
            string report = guest.ReadReport();
            int at = report.IndexOf(Plugged, StringComparison.Ordinal);
            if (at >= 0 && report.EndsWith('\n'))
                return GuestReportLine.Parse(report[at..].TrimEnd());

            Thread.Sleep(20);
        }

        throw new InvalidOperationException(
            $"the guest did not use what was plugged\n{guest.ReadConsole()}\n{guest.ReadReport()}"
        );
    }

    private static string ReadText(LinuxGuest guest, ulong address) =>
        Run(guest, "read", "--pid", "1", $"0x{address:x}", $"{Text.Length}", "--raw").Text;

    private static CommandRun Run(LinuxGuest guest, params string[] arguments)
    {
        CommandRun run = CommandRun.Of([.. arguments, "--target", guest.Name]);
        Assert.True(run.ExitCode == 0, run.Text + run.Messages);
        return run;
    }
}
