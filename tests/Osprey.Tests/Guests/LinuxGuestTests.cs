using System.Text;
using Osprey.Target.Architectures;
using Osprey.Target.Architectures.X64;
using Osprey.Target.Memory;
using Osprey.Tests.Guests.Fixtures;
using Osprey.Tests.Guests.Qmp;
using Osprey.Tests.Guests.Report;
using Xunit.Abstractions;

namespace Osprey.Tests.Guests;

/// <summary>Whether the guest tells the truth: QEMU is asked about the same.</summary>
[Trait("Category", "Slow")]
public abstract class LinuxGuestTests(LinuxGuestFixture fixture, ITestOutputHelper output)
{
    private const int PatternsOfASpace = 11; // without the one of five levels

    private LinuxGuest Guest => fixture.Guest;

    private GuestReport Report => Guest.Report;

    [LinuxGuestFact]
    public void Report_OfTheVariant_IsComplete()
    {
        output.WriteLine($"{Guest.Variant}: up after {Guest.BootTime.TotalSeconds:f1} s");
        bool fiveLevels = !Guest.Variant.Arguments.Contains("max,la57=off");
        bool large = Guest.Variant == LinuxGuestVariant.TwoNodes;

        Assert.Equal(2, Report.Cpus);
        Assert.Equal(large ? 2 : 1, Report.Nodes);
        Assert.Equal(fiveLevels ? 5 : 4, Report.PageTableLevels);
        Assert.Equal(Guest.Variant == LinuxGuestVariant.MemoryFile, Report.HasPageTableIsolation);
        Assert.InRange(Report.MemoryTotal, large ? 4UL << 30 : 180UL << 20, large ? 5UL << 30 : 256UL << 20);
        Assert.Equal(19, Report.Symbols.Count);
        Assert.Equal(10, Report.List.Count);
        Assert.Equal(27, Report.Values.Count);
        Assert.Equal(
            [
                "pattern",
                "heap",
                "hugetlb",
                "transparent",
                "readonly",
                "noaccess",
                "locked",
                .. fiveLevels ? ["high"] : Array.Empty<string>(),
                "file",
                "sparse",
                "sparse-page",
                "sparse-page",
                "sparse-page",
                "sparse-page",
            ],
            Report.Regions.Where(region => region.Space == 0).Select(region => region.Name)
        );
        Assert.Equal([0, 1], Report.Workers.Select(worker => worker.Space));
        Assert.All(
            Report.Processes.Keys,
            space =>
            {
                Assert.Equal(
                    PatternsOfASpace + (fiveLevels ? 1 : 0),
                    Report.Patterns.Count(pattern => pattern.Space == space)
                );
                Assert.Equal(
                    ["hugetlb"],
                    Report
                        .Regions.Where(region =>
                            region.Space == space
                            && Report
                                .GetPages(space)
                                .First(page => page.Address == (region.Address & ~(GuestPage.Size - 1)))
                                .IsHugetlb
                        )
                        .Select(region => region.Name)
                );
            }
        );
        Assert.All(
            Report.Workers,
            worker =>
                Assert.Equal(
                    ["spin", "spin_level_1", "spin_level_2", "spin_level_3", "spin_level_4"],
                    worker.Frames.Select(frame => frame.Function)
                )
        );
        Assert.Contains(Report.Tasks, task => task is { ProcessId: 2, Name: "kthreadd" });
    }

    [LinuxGuestFact]
    public void Kernel_ItsTextAndBanner_AreWhereItSays()
    {
        GuestSymbol text = Report.FindSymbol("_text");
        GuestSegment segment = Assert.Single(Report.Segments, segment => segment.Address == text.Address);
        GuestIoRange code = Assert.Single(Report.IoMemory, range => range.Name == "Kernel code");
        GuestContent banner = Assert.Single(Report.KernelContents, content => content.Name == "linux_banner");

        Assert.Equal(code.Start, segment.Physical);
        Assert.StartsWith(Encoding.ASCII.GetString(banner.Bytes), Report.KernelVersion);
    }

    [LinuxGuestFact]
    public void Registers_OfTheSpinningWorkers_AreWhatQemuSays()
    {
        using var qmp = new QmpClient(Guest.TestQmpSocket);
        foreach (GuestWorker worker in Report.Workers)
        {
            RegisterSet seen = StopInItsLoop(qmp, worker);
            foreach (Register register in X64Architecture.Instance.Registers)
            {
                if (worker.Registers[register] is { } value)
                    Assert.Equal((register, value), (register, seen[register]));
            }

            Assert.True(!Report.HasPageTableIsolation || (seen[X64Register.Cr3] >> 12 & 1) == 1);
            qmp.Execute("cont");
        }
    }

    [LinuxGuestFact]
    public void Pages_OfEachSpace_HaveTheFramesThatQemuFinds()
    {
        using var qmp = new QmpClient(Guest.TestQmpSocket);
        foreach (GuestWorker worker in Report.Workers)
        {
            StopInItsLoop(qmp, worker);
            var cpu = new QemuCpu(qmp, worker.Cpu);
            GuestPage[] pages = [.. Report.GetPages(worker.Space)];
            PhysicalAddress?[] seen = [.. pages.Select(page => cpu.Translate(page.Address))];
            qmp.Execute("cont");

            output.WriteLine($"{pages.Length} pages, of which {pages.Count(page => page.IsMapped)} are mapped");
            Assert.Equal(
                pages.Select(page => (page.Address, Report.Translate(worker.Space, page.Address))),
                pages.Select((page, i) => (page.Address, seen[i]))
            );
            Assert.Contains(pages, page => page is { Frame: not null, IsMapped: false });
            Assert.Contains(pages, page => page.Frame is null);
        }
    }

    [LinuxGuestFact]
    public void Patterns_InTheirFrames_AreWhatTheSeedGives()
    {
        using var qmp = new QmpClient(Guest.TestQmpSocket);
        string file = Path.Combine(Guest.Folder, "frame");
        foreach (GuestPattern pattern in Report.Patterns)
        {
            // Of huge pages every 29th page will do.
            GuestPage[] pages =
            [
                .. Report
                    .GetPages(pattern.Space)
                    .Where(page =>
                        page.Address + GuestPage.Size > pattern.Address && page.Address < pattern.Address + pattern.Size
                    ),
            ];
            foreach (GuestPage page in pages.Where((_, i) => pages.Length < 100 || i % 29 == 0))
            {
                ulong start = Math.Max(page.Address, pattern.Address);
                int size = (int)(Math.Min(page.Address + GuestPage.Size, pattern.Address + pattern.Size) - start);
                qmp.Execute(
                    "pmemsave",
                    new
                    {
                        val = page.Frame!.Value.Value + (start - page.Address),
                        size,
                        filename = file,
                    }
                );
                Assert.Equal(Report.ExpectedBytes(pattern.Space, start, size), File.ReadAllBytes(file));
            }
        }
    }

    [LinuxGuestFact]
    public void Guest_StoppedAndContinued_RunsOnAndItIsLogged()
    {
        using var log = new QmpEventLog(Guest.TestQmpSocket);
        Assert.Empty(log.Read());
        Assert.Equal(TimeSpan.Zero, log.GetPausedTime());

        using (var qmp = new QmpClient(Guest.QmpSocket))
        {
            qmp.Execute("stop");
            Assert.Equal(["STOP"], log.Read().Select(happened => happened.Name));
            qmp.Execute("cont");
            Assert.Equal("running", qmp.Execute("query-status").GetProperty("status").GetString());
        }

        Assert.Equal(["STOP", "RESUME"], log.Read().Select(happened => happened.Name));
        Assert.True(log.GetPausedTime() > TimeSpan.Zero);
        Assert.True(Guest.IsRunning);
        Assert.Empty(Guest.ReadConsole());
    }

    // Timers take the vCPU into the kernel now and then.
    private RegisterSet StopInItsLoop(QmpClient qmp, GuestWorker worker)
    {
        for (int i = 0; i < 200; i++)
        {
            qmp.Execute("stop");
            RegisterSet registers = new QemuCpu(qmp, worker.Cpu).ReadRegisters();
            if (registers[X64Register.Rip] >= Report.SpinStart && registers[X64Register.Rip] < Report.SpinEnd)
                return registers;

            qmp.Execute("cont");
            Thread.Sleep(5);
        }

        throw new InvalidOperationException($"vCPU {worker.Cpu} is not in its loop");
    }
}
