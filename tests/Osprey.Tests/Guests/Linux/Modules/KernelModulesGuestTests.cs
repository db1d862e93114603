using System.Globalization;
using Osprey.Guests;
using Osprey.Guests.Modules;
using Osprey.Guests.Programs;
using Osprey.Session.Answers.Guests.Kernels;
using Osprey.Session.Guests;
using Osprey.Session.Guests.Programs;
using Osprey.Target;
using Osprey.Target.Backends.CoreFile;
using Osprey.Target.Backends.Qemu;
using Osprey.Target.Backends.Qemu.Processes;
using Osprey.Target.Unwinding;
using Osprey.Tests.Guests.Fixtures;
using Osprey.Tests.Guests.Osv;
using Osprey.Values;
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
            .First(item => item.EndsWith(" LZ4_compress_HC\t[lz4hc_compress]", StringComparison.Ordinal));
        ulong address = ulong.Parse(line.AsSpan(0, 16), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
        Assert.Equal("LZ4_compress_HC [lz4hc_compress]", session.NameAddress(address));
        Assert.Equal("LZ4_compress_HC+0x4 [lz4hc_compress]", session.NameAddress(address + 4));
        foreach (
            string text in new[]
            {
                "LZ4_compress_HC+4",
                "LZ4_compress_HC+0x4 [lz4hc_compress]",
                "lz4hc_compress`LZ4_compress_HC+4",
            }
        )
            Assert.Equal(address + 4, session.Selected.ResolveAddress(text, isPhysical: false));

        session.Refresh();
        Assert.Equal("LZ4_compress_HC [lz4hc_compress]", session.NameAddress(address));
    }

    [ModulesGuestFact]
    public void Modules_OfDamagedMemory_EndWithAListOrAMessage()
    {
        using GuestSession session = OpenLive();
        var places = new List<ulong>();
        foreach (ModuleFile file in session.ListModules())
        {
            ulong address = file.Loaded.Module!.Address;
            places.AddRange([address, address + 0x100, address + 0x200, address + 0x300, file.Loaded.Start]);
        }

        var damage = new MemoryDamage(session.Kernel.Values.Memory, places);
        (int whole, int marked) = (0, 0);
        for (int round = MemoryDamage.Rounds(100); round > 0; round--)
        {
            var kernel = new GuestKernel(
                new ValueSpace(damage.Next(), session.Kernel.Values.Modules),
                session.Symbols,
                new UnwindModuleList([])
            );
            try
            {
                GuestList<GuestObject> list = ((IGuestModules)session.Os).ReadModules(kernel, default);
                whole += list.Defects.Count == 0 ? 1 : 0;
                marked += list.Defects.Count > 0 ? 1 : 0;
                Assert.True(list.Items.Count <= places.Count);
                ((IGuestModuleSymbols)session.Os).ReadModuleSymbols(kernel);
            }
            catch (TargetException exception)
            {
                Assert.DoesNotContain('\n', exception.Message);
            }
        }

        Assert.True(whole > 0 && marked > 0, $"{whole} lists were whole, {marked} were not");
    }

    [ModulesGuestFact]
    public void CommandLine_IsThatOfProc_AndThereIsNoConfiguration()
    {
        using GuestSession session = OpenLive();
        Assert.Equal(Assert.Single(fixture.ReadLines("cmdline")), CommandLineAnswer.Ask(session).CommandLine);
        var problem = Assert.Throws<TargetException>(() => ConfigurationAnswer.Ask(session));
        Assert.Equal(TargetProblem.NotConfigured, problem.Problem);
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
