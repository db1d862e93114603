using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Osprey.Binary.Elf;
using Osprey.Guests.Linux.Symbols;
using Osprey.Session.Guests;
using Osprey.Target;
using Osprey.Target.Backends.CoreFile;
using Osprey.Target.Backends.Qemu;
using Osprey.Target.Backends.Qemu.Processes;
using Osprey.Tests.Builders.Guests;
using Osprey.Tests.Guests.Fixtures;
using Osprey.Values.Printing;

namespace Osprey.Tests.Guests.Linux.Symbols;

/// <summary>The symbols that are found in a Linux guest's memory, against its own <c>/proc/kallsyms</c>.</summary>
[Collection(SymbolsGuestCollection.Name)]
[Trait("Category", "Slow")]
public sealed partial class SymbolsGuestTests(SymbolsGuest fixture)
{
    private const int Attempts = 400;

    [LinuxGuestFact]
    public void Symbols_OfEachWay_AreThoseOfProcKallsyms()
    {
        string core = Path.Combine(fixture.Guest.Folder, "core");
        (ulong, char, string)[] expected;
        using (GuestSession live = OpenLive())
        {
            expected = ReadProcKallsyms(live);
            CoreWriter.Write(live.Target, core);
        }

        Assert.True(expected.Length > 50_000);
        string stub = $"gdb:unix:{fixture.Guest.GdbSocket}";
        Func<GuestSession>[] ways =
        [
            OpenLive,
            () => Open(GuestFinder.Open(TargetSpec.Parse(stub))),
            () => Open(CoreTarget.Open(core)),
        ];
        Assert.All(
            ways,
            open =>
            {
                using GuestSession session = open();
                KallsymsTable? table = KallsymsFinder.Find(
                    session.Os.GetKernelSpace(session.Vcpu.Space).Memory,
                    session.Identity.KernelAddress
                );
                Assert.NotNull(table);
                Assert.Equal(expected.Length, table.Count);
                for (int i = 0; i < expected.Length; i++)
                    Assert.Equal(expected[i], (table.Addresses[i], table.GetKind(i), table.GetName(i)));
            }
        );
    }

    [LinuxGuestFact]
    public void Names_WithoutAFile_AreThoseOfTheKernel()
    {
        using GuestSession session = OpenLive();
        if (session.Programs.Kernel is not null)
            return; // this host has the kernel's debug package

        ulong schedule = ReadProcKallsyms(session).Single(symbol => symbol.Name == "schedule").Address;
        Assert.Equal(schedule + 0x10, session.Selected.ResolveAddress("schedule+0x10", isPhysical: false));
        Assert.Equal("schedule+0x10", session.NameAddress(schedule + 0x10));
        Assert.Equal(schedule, session.Selected.ResolveAddress("&schedule", isPhysical: false));
        Assert.Equal(
            $"(void (*)(void)) 0x{schedule:x} <schedule>", // the type is the kernel's own (BTF)
            ValueText.Format(session.Selected.Evaluate("&schedule"), new ValueTextOptions())
        );
        Assert.Equal(
            "Linux version ",
            ValueText
                .Format(session.Selected.Evaluate("*(char (*)[14])&linux_banner"), new ValueTextOptions { Raw = true })
                .Trim('"')
        );
        Assert.False(session.HasNoPrograms);
    }

    [LinuxGuestFact]
    public void Names_OutOfATextOfThisBootOrOfTheBuild_AreThoseOfTheKernel()
    {
        string own = Path.Combine(fixture.Guest.Folder, "kallsyms");
        string map = Path.Combine(fixture.Guest.Folder, "System.map");
        using (GuestSession live = OpenLive())
        {
            (ulong Address, char Kind, string Name)[] symbols = ReadProcKallsyms(live);
            ulong text = symbols.Single(symbol => symbol.Name == "_text").Address;
            File.WriteAllLines(own, symbols.Select(one => $"{one.Address:x16} {one.Kind} {one.Name}"));
            File.WriteAllLines(
                map,
                symbols.Select(one =>
                    $"{(one.Address < text ? one.Address : one.Address - text + 0xffff_ffff_8100_0000):x16} "
                    + $"{one.Kind} {one.Name}"
                )
            );
        }

        foreach (string path in new[] { own, map })
        {
            using GuestSession session = OpenWith(path, isAny: false);
            (ulong Address, char Kind, string Name)[] symbols = ReadProcKallsyms(session);
            Assert.Equal($"from {path} ({symbols.Length})", session.Programs.SymbolsOrigin);
            Assert.Equal(
                symbols.Select(symbol => symbol.Name).Order(StringComparer.Ordinal),
                session.Programs.KernelTable!.Names.Order(StringComparer.Ordinal)
            );
            ulong schedule = symbols.Single(symbol => symbol.Name == "schedule").Address;
            Assert.Equal("schedule+0x10", session.NameAddress(schedule + 0x10));
        }

        File.WriteAllLines(
            map,
            File.ReadAllLines(map).Where(line => !line.EndsWith(" linux_banner", StringComparison.Ordinal))
        );
        using GuestSession other = OpenWith(map, isAny: false);
        Assert.EndsWith(
            "System.map is not of what runs in the guest: the kernel's version is not at its symbol linux_banner",
            Assert.Throws<TargetException>(() => other.Programs).Message,
            StringComparison.Ordinal
        );
        using GuestSession any = OpenWith(map, isAny: true);
        Assert.NotNull(any.Programs.KernelTable);
    }

    [LinuxGuestFact]
    public void SymbolsAndTypes_OutOfTheBootImage_AreThoseOfTheKernel()
    {
        using GuestSession own = OpenLive();
        using GuestSession session = OpenWith(LinuxGuestImage.Kernel, isAny: false);
        (ulong Address, char Kind, string Name)[] symbols = ReadProcKallsyms(session);
        Assert.Equal($"from {LinuxGuestImage.Kernel} (kallsyms, {symbols.Length})", session.Programs.SymbolsOrigin);
        Assert.Equal(
            symbols.Select(symbol => (symbol.Name, symbol.Address)),
            session.Programs.KernelTable!.ListSymbols().Select(symbol => (symbol.Name, symbol.Address))
        );
        Assert.Equal("as given, same as in memory", session.Programs.Kernel?.Origin);
        ulong schedule = symbols.Single(symbol => symbol.Name == "schedule").Address;
        Assert.Equal("schedule+0x10", session.NameAddress(schedule + 0x10));
        Assert.Equal(
            $"(void (*)(void)) 0x{schedule:x} <schedule>",
            ValueText.Format(session.Selected.Evaluate("&schedule"), new ValueTextOptions())
        );
        foreach (string text in new[] { "sizeof(struct task_struct)", "per_cpu(runqueues.cpu)", "&runqueues" })
            Assert.Equal(
                ValueText.Format(own.Selected.Evaluate(text), new ValueTextOptions()),
                ValueText.Format(session.Selected.Evaluate(text), new ValueTextOptions())
            );
    }

    [LinuxGuestFact]
    public void BootImage_OfAnotherBuild_IsRefused()
    {
        string path = Path.Combine(fixture.Guest.Folder, "vmlinuz");
        byte[] kernel;
        using (ElfImage image = ElfImage.Open(LinuxGuestImage.Kernel))
        {
            kernel = image.Source.Slice(0, image.Source.Length).ToArray();
            byte[] id = Convert.FromHexString(image.ReadBuildId().ToString());
            kernel[kernel.AsSpan().IndexOf(id) + 3] ^= 1;
        }

        File.WriteAllBytes(path, new BootImageBuilder().Build(BootImageBuilder.Gzip(kernel)));
        using GuestSession other = OpenWith(path, isAny: false);
        Assert.Equal(
            $"{path} is not what runs in the guest: the guest's memory holds other code where it should be",
            Assert.Throws<TargetException>(() => other.Programs).Message
        );
    }

    private GuestSession OpenWith(string path, bool isAny) =>
        GuestSession.Over(
            QemuTarget.Attach(QemuProcess.TryRead(fixture.Guest.ProcessId)!),
            new GuestSettings
            {
                Cpu = 0,
                NoCache = true,
                ExecutablePath = path,
                AcceptAnyBuild = isAny,
            }
        );

    private static (ulong Address, char Kind, string Name)[] ParseOwn(string text) =>
        [
            .. text.Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Where(line => !line.Contains('[', StringComparison.Ordinal))
                .Select(line => line.Split(' '))
                .Select(words =>
                    (ulong.Parse(words[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture), words[1][0], words[2])
                ),
        ];

    private (ulong Address, char Kind, string Name)[] ReadProcKallsyms(GuestSession session)
    {
        Match place = Place().Match(fixture.Guest.ReadReport());
        ulong address = ulong.Parse(place.Groups[1].ValueSpan, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        byte[] text = new byte[int.Parse(place.Groups[2].ValueSpan, CultureInfo.InvariantCulture)];
        for (int i = 0; i < Attempts; i++)
        {
            if (session.Vcpu.Memory.Read(address, text) == text.Length)
                return ParseOwn(Encoding.ASCII.GetString(text));

            // Another process ran.
            Thread.Sleep(3);
            session.Refresh();
        }

        throw new InvalidOperationException("init's memory can't be read");
    }

    private GuestSession OpenLive() => Open(QemuTarget.Attach(QemuProcess.TryRead(fixture.Guest.ProcessId)!));

    private static GuestSession Open(GuestTarget target) =>
        GuestSession.Over(target, new GuestSettings { Cpu = 0, NoCache = true });

    [GeneratedRegex("kallsyms address=0x([0-9a-f]+) size=([0-9]+)")]
    private static partial Regex Place();
}
