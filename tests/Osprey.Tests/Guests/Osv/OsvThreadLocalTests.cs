using System.Globalization;
using Osprey.Binary.Elf;
using Osprey.Binary.Elf.Symbols;
using Osprey.Session.Guests;
using Osprey.Target.Architectures.X64;
using Osprey.Target.Backends.Qemu;
using Osprey.Target.Backends.Qemu.Processes;
using Osprey.Tests.Guests.Qmp;
using Osprey.Tests.Symbols.Oracle;

namespace Osprey.Tests.Guests.Osv;

/// <summary>
/// OSv's thread-local variables, which gdb can't read: where the symbol table and QEMU's registers say that they are.
/// </summary>
[Collection(OsvGuestCollection.Name)]
[Trait("Category", "Slow")]
public sealed class OsvThreadLocalTests(OsvGuestFixture fixture)
{
    private static readonly (string Expression, string Symbol)[] s_variables =
    [
        ("sched::s_current", "_ZN5sched9s_currentE"),
        ("sched::current_cpu", "_ZN5sched11current_cpuE"),
        ("percpu_base", "percpu_base"),
        ("sched::preempt_counter", "_ZN5sched15preempt_counterE"),
        ("sched::need_reschedule", "_ZN5sched15need_rescheduleE"),
        ("sched::exception_depth", "_ZN5sched15exception_depthE"),
        ("current_interrupt_frame", "current_interrupt_frame"),
        ("memory::emergency_alloc_level", "_ZN6memory21emergency_alloc_levelE"),
        ("osv::override_current_app", "_ZN3osv20override_current_appE"),
    ];

    [OsvBuildFact("qemu-system-x86_64", "gdb")]
    public void Variables_OfEachVcpu_AreBelowItsThreadPointer()
    {
        using ElfImage image = ElfImage.Open(OsvBuild.Loader);
        ElfSegment segment = image.Segments.Single(item => item.Type == ElfSegmentType.ThreadLocal);
        ulong size = (segment.MemorySize + 63) & ~63UL;
        ElfSymbolTable symbols = image.ReadSymbols();
        var offsets = Enumerable
            .Range(0, symbols.Count)
            .Select(i => symbols[i])
            .Where(symbol => symbol.Type == ElfSymbolType.ThreadLocal)
            .GroupBy(symbol => symbols.GetName(symbol.NameOffset))
            .ToDictionary(group => group.Key, group => group.First().LinkAddress);
        for (int cpu = 0; cpu < fixture.Guest.Cpus; cpu++)
        {
            using var qmp = new QmpClient(fixture.Guest.TestQmpSocket);
            ulong thread = new QemuCpu(qmp, cpu).ReadRegisters()[X64Register.FsBase]!.Value;
            using GuestSession session = GuestSession.Over(
                QemuTarget.Attach(QemuProcess.TryRead(fixture.Guest.ProcessId)!),
                new GuestSettings
                {
                    Cpu = cpu,
                    ExecutablePath = OsvBuild.Loader,
                    NoCache = true,
                }
            );
            foreach ((string expression, string symbol) in s_variables)
                Assert.Equal(
                    (expression, unchecked(thread - size + offsets[symbol])),
                    (expression, session.Selected.Evaluate($"&{expression}").AsPointer()!.Value)
                );

            // What they hold agrees with what hangs on the list of vCPUs, which gdb reads.
            ulong current = session.Selected.Evaluate("sched::s_current").AsPointer()!.Value;
            var gdb = new OsvGdb(
                fixture.Guest,
                [
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"(unsigned long)((sched::thread *)0x{current:x})->_tcb == 0x{thread:x}"
                    ),
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"sched::cpus._M_impl._M_start[{cpu}] == "
                            + $"(sched::cpu *)0x{session.Selected.Evaluate("sched::current_cpu").AsPointer():x}"
                    ),
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"sched::cpus._M_impl._M_start[{cpu}]->percpu_base == "
                            + $"(char *)0x{session.Selected.Evaluate("percpu_base").AsPointer():x}"
                    ),
                ]
            );
            Assert.Equal(["true", "true", "true"], gdb.Printed.Select(line => line[1]));
        }
    }
}
