using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Osprey.Guests;
using Osprey.Session.Guests;
using Osprey.Session.Guests.Stacks;
using Osprey.Symbols;
using Osprey.Target.Architectures;
using Osprey.Target.Architectures.X64;
using Osprey.Target.Memory;
using Osprey.Target.Unwinding;
using Osprey.Tests.Builders.Guests;
using Osprey.Tests.Guests.Report;

namespace Osprey.Tests.Guests.Ways;

/// <content>What runs in the guest: its kernel, the names in its program; and all answers side by side.</content>
public abstract partial class LinuxGuestWaysTests
{
    [LinuxGuestFact]
    public void Identity_OfEachWay_IsTheKernelThatTheGuestTells() =>
        Assert.All(
            WalkableWays,
            way =>
                Assert.All(
                    Report.Workers,
                    worker =>
                    {
                        GuestSymbol text = Report.FindSymbol("_text");
                        GuestSegment segment = Report.Segments.Single(segment => segment.Address == text.Address);
                        var expected = (
                            "Linux",
                            Report.KernelVersion.Split(' ')[2],
                            text.Address,
                            segment.Physical!.Value
                        );

                        // By the user's half of the page tables where there are two: what it lacks of the kernel is
                        // read by the other.
                        using GuestSession session = Open(way, worker);
                        GuestIdentity identity = session.Identity;
                        Assert.Equal(
                            expected,
                            (identity.System, identity.Version, identity.KernelAddress, identity.KernelPhysicalAddress)
                        );
                        AddressSpace kernel = session.Os.GetKernelSpace(session.Selected.Space);
                        Assert.Equal(Report.HasPageTableIsolation, kernel != session.Selected.Space);
                        foreach (GuestContent content in Report.KernelContents)
                        {
                            byte[] found = new byte[content.Bytes.Length];
                            Assert.Equal(
                                (content.Name, found.Length),
                                (content.Name, kernel.Memory.Read(content.Address, found))
                            );
                            Assert.Equal(
                                (content.Name, Convert.ToHexString(content.Bytes)),
                                (content.Name, Convert.ToHexString(found))
                            );
                        }

                        Assert.Contains(Report.KernelContents, content => content.Name == "linux_banner");
                        Assert.Equal(
                            16,
                            session.Selected.Memory.Read(Report.FindSymbol("linux_banner").Address, new byte[16])
                        );
                    }
                )
        );

    [LinuxGuestFact]
    public void Paging_OfACoreWithoutPageTables_IsSaid()
    {
        foreach (WayToAGuest way in Ways.Except(WalkableWays))
        {
            using GuestSession session = Open(way, 0);
            Assert.Equal("unknown", session.Identity.System);
            Assert.Equal(0, session.Selected.Memory.Read(Report.SpinStart, new byte[4]));
            Assert.Matches(
                "^address 0x[0-9a-f]+ can't be read: its page table at physical 0x[0-9a-f]+ is not in memory$",
                session.ExplainUnreadable(Report.SpinStart, false)
            );
        }

        Assert.Equal(Report.HasPageTableIsolation ? 1 : 0, Ways.Except(WalkableWays).Count());
    }

    [LinuxGuestFact]
    public void Names_OfInit_AreWhereTheGuestHasThem() =>
        Assert.All(
            WalkableWays,
            way =>
            {
                using GuestSession session = Open(way, Report.Workers[0]);
                foreach (GuestSymbol symbol in Report.Functions.Concat(Report.Variables))
                {
                    Assert.Equal(
                        (symbol.Name, symbol.Address),
                        (symbol.Name, session.Selected.ResolveAddress(symbol.Name, false))
                    );
                    Assert.Equal(symbol.Name + "+0x1", session.NameAddress(symbol.Address + 1));
                    if (symbol.Size > 0)
                        Assert.Equal(
                            (symbol.Name, symbol.Address + symbol.Size),
                            (symbol.Name, session.FindFunctionEnd(symbol.Address))
                        );
                }

                var frames = new List<SymbolFrame>();
                Assert.True(session.Symbols.TryResolve(Report.SpinStart, frames));
                Assert.Equal(("spin", "worker.c"), (frames[0].Name, Path.GetFileName(frames[0].File)));
                Assert.Contains(
                    "same as in memory",
                    Assert.Single(session.Programs.Modules).Origin,
                    StringComparison.Ordinal
                );
                Assert.Matches(
                    @"^the kernel's file is not known: its symbols are from the guest's memory \(kallsyms, \d{5,}\)$",
                    Assert.Single(session.Notes)
                );
                Assert.Equal(
                    Report.FindSymbol("schedule").Address,
                    session.Selected.ResolveAddress("schedule", isPhysical: false)
                );

                // The values, as far as they are numbers and text that lie somewhere by themselves.
                Assert.Equal(
                    GetValue("*probe.limit"),
                    BitConverter.ToInt32(Read(session, "limit", 4)).ToString(CultureInfo.InvariantCulture)
                );
                Assert.Equal(GetValue("list"), $"0x{BitConverter.ToUInt64(Read(session, "list", 8)):x}");
                Assert.Equal(
                    GetValue("probe.name") + "\0",
                    Encoding.ASCII.GetString(Read(session, "probe", GetValue("probe.name").Length + 1))
                );
                var list = new List<ulong>();
                for (
                    ulong node = BitConverter.ToUInt64(Read(session, "list", 8));
                    node != 0 && list.Count < 100;
                    node = session.Selected.Memory.TryReadUInt64(node, out ulong next) ? next : 0
                )
                    list.Add(node);

                Assert.Equal(Report.List, list);
            }
        );

    [LinuxGuestFact]
    public void Answers_OfAllWays_AreTheSame() =>
        Assert.All(
            Report.Workers,
            worker =>
            {
                (WayToAGuest Way, string Answers)[] all =
                [
                    .. WalkableWays.Select(way => (way, DescribeAll(way, worker))),
                ];
                Assert.InRange(all[0].Answers.Length, 10_000, int.MaxValue);
                Assert.All(all, one => Assert.Equal(all[0].Answers, one.Answers));
            }
        );

    private string GetValue(string expression) => Report.Values.Single(value => value.Expression == expression).Text;

    private static byte[] Read(GuestSession session, string name, int size)
    {
        byte[] bytes = new byte[size];
        Assert.Equal(
            (name, size),
            (name, session.Selected.Memory.Read(session.Selected.ResolveAddress(name, false), bytes))
        );
        return bytes;
    }

    /// <summary>Every answer about a worker that does not change while the guest runs, as text.</summary>
    private string DescribeAll(WayToAGuest way, GuestWorker worker)
    {
        var text = new StringBuilder();
        using GuestSession session = Open(way, worker);
        text.Append(
            CultureInfo.InvariantCulture,
            $"{session.Identity}\n{session.Selected.Space.Paging}\n{session.Target.CpuCount} vCPUs\n"
        );
        foreach (GuestModule module in session.Programs.Modules)
            text.Append(CultureInfo.InvariantCulture, $"{module}\n");

        var map = new PageTableMap(
            session.Physical,
            session.Selected.Space.Paging,
            new PageTableMapOptions { Last = 0x00ff_ffff_ffff_ffff }
        );
        foreach (PageRange range in map.Enumerate())
        {
            byte[] bytes = new byte[(int)range.Size];
            int count = session.Selected.Memory.Read(range.Start, bytes);
            bool isStill =
                (range.Permissions & PagePermissions.Write) == 0
                || Report.Patterns.Any(pattern =>
                    pattern.Space == worker.Space
                    && range.Start >= pattern.Address
                    && range.Start + range.Size <= pattern.Address + pattern.Size
                );
            text.Append(CultureInfo.InvariantCulture, $"{range}: {count}");
            text.Append(isStill ? $" {Convert.ToHexStringLower(SHA256.HashData(bytes))}\n" : "\n");
        }

        Assert.Equal((0, 0L, false), (map.UnreadableTables, map.ReservedEntries, map.IsCutShort));
        CpuStack stack = ReadStack(session, worker);
        foreach (
            BacktraceRow row in new BacktraceSymbols(session.Symbols)
                .Expand(stack.Backtrace)
                .SkipWhile(row => row.FrameIndex == 0)
        )
            text.Append(CultureInfo.InvariantCulture, $"{row}\n");

        foreach (Register register in s_all.Where(register => worker.Registers[register] is not null))
            text.Append(CultureInfo.InvariantCulture, $"{X64Names.Of(register)} 0x{stack.Registers[register]:x}\n");

        foreach (GuestSymbol symbol in Report.Functions.Concat(Report.Variables))
            text.Append(
                CultureInfo.InvariantCulture,
                $"{session.NameAddress(symbol.Address)} {Convert.ToHexStringLower(Read(session, symbol.Name, 4))}\n"
            );

        foreach (GuestPage page in Report.GetPages(worker.Space).Where(page => !page.IsMapped))
            text.Append(CultureInfo.InvariantCulture, $"{session.ExplainUnreadable(page.Address, false)}\n");

        return text.ToString();
    }
}
