using System.Globalization;
using Osprey.Guests.Modules;
using Osprey.Guests.Programs;
using Osprey.Session.Guests;
using Osprey.Session.Guests.Programs;
using Osprey.Target;
using Osprey.Target.Backends.CoreFile;
using Osprey.Target.Backends.Qemu;
using Osprey.Target.Backends.Qemu.Processes;
using Osprey.Tests.Guests.Fixtures;
using ModuleSymbolTable = Osprey.Guests.Linux.Modules.ModuleSymbolTable;

namespace Osprey.Tests.Guests.Linux.Modules;

/// <summary>The modules of a Linux guest and their symbols, against its own <c>/proc</c>.</summary>
[Collection(ModulesGuestCollection.Name)]
[Trait("Category", "Slow")]
public sealed class KernelModulesGuestTests(ModulesGuest fixture)
{
    [ModulesGuestFact]
    public void Modules_OfEachWay_AreThoseOfProc()
    {
        IReadOnlyList<string> modules = fixture.ReadLines("modules");
        IReadOnlyList<string> symbols = fixture.ReadLines("symbols");
        IReadOnlyList<string> ids = fixture.ReadLines("build-ids");
        Assert.Contains(modules, line => line.StartsWith("lz4hc_compress ", StringComparison.Ordinal));
        string core = Path.Combine(fixture.Guest.Folder, "core-modules");
        using (GuestSession live = OpenLive())
            CoreWriter.Write(live.Target, core);

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
                IReadOnlyList<ModuleFile> listed = session.ListModules();
                Assert.Empty(session.ModuleDefects);
                Assert.Equal(modules, listed.Select(file => FormatAsProc(file.Loaded)));
                Assert.Equal(
                    ids.Order(StringComparer.Ordinal),
                    listed
                        .Select(file => $"{file.Loaded.Path} {file.Loaded.Module!.BuildId}")
                        .Order(StringComparer.Ordinal)
                );

                var table = (ModuleSymbolTable)((IGuestModuleSymbols)session.Os).ReadModuleSymbols(session.Kernel)!;
                Assert.Equal(
                    symbols,
                    table.Symbols.Select(item =>
                        string.Create(
                            CultureInfo.InvariantCulture,
                            $"{item.Address:x16} {item.Kind} {item.Name}\t[{item.Module}]"
                        )
                    )
                );
            }
        );
    }

    [ModulesGuestFact]
    public void Names_OfAModule_AreFoundBothWays()
    {
        using GuestSession session = OpenLive();
        string line = fixture
            .ReadLines("symbols")
            .First(item => item.EndsWith(" crc7_be\t[crc7]", StringComparison.Ordinal));
        ulong address = ulong.Parse(line.AsSpan(0, 16), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
        Assert.Equal("crc7_be [crc7]", session.NameAddress(address));
        Assert.Equal("crc7_be+0x4 [crc7]", session.NameAddress(address + 4));
        foreach (string text in new[] { "crc7_be+4", "crc7_be+0x4 [crc7]", "crc7`crc7_be+4" })
            Assert.Equal(address + 4, session.Selected.ResolveAddress(text, isPhysical: false));

        session.Refresh();
        Assert.Equal("crc7_be [crc7]", session.NameAddress(address));
    }

    /// <summary>A line of <c>/proc/modules</c>.</summary>
    private static string FormatAsProc(GuestObject loaded)
    {
        GuestKernelModule module = loaded.Module!;
        string users = module.UsedBy.Count == 0 ? "-" : string.Concat(module.UsedBy.Select(user => user + ","));
        string state = char.ToUpperInvariant(module.State[0]) + module.State[1..];
        string taint = module.Taint.Length == 0 ? "" : $" ({module.Taint})";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{module.Name} {module.Size} {module.References} {users} {state} 0x{loaded.Start:x16}{taint}"
        );
    }

    private GuestSession OpenLive() => Open(QemuTarget.Attach(QemuProcess.TryRead(fixture.Guest.ProcessId)!));

    private static GuestSession Open(GuestTarget target) =>
        GuestSession.Over(target, new GuestSettings { Cpu = 0, NoCache = true });
}
