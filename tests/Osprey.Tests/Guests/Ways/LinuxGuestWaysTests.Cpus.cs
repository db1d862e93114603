using Osprey.Session.Guests;
using Osprey.Session.Guests.Stacks;
using Osprey.Target;
using Osprey.Target.Architectures;
using Osprey.Target.Architectures.X64;
using Osprey.Target.Unwinding;
using Osprey.Tests.Guests.Report;

namespace Osprey.Tests.Guests.Ways;

/// <content>Registers and stacks.</content>
public abstract partial class LinuxGuestWaysTests
{
    private static readonly IReadOnlyList<Register> s_all = X64Architecture.Instance.Registers;

    [LinuxGuestFact]
    public void Registers_OfEachVcpu_AreThoseOfItsWorker() =>
        Assert.All(
            Ways,
            way =>
            {
                foreach (GuestWorker worker in Report.Workers)
                {
                    using GuestSession session = Open(way, worker);
                    Assert.Equal(Report.Cpus, session.Target.CpuCount);
                    RegisterSet found = ReadRegisters(session, worker);
                    Assert.Empty(
                        s_all
                            .Where(register => worker.Registers[register] is { } value && found[register] != value)
                            .Select(register =>
                                $"vCPU {worker.Cpu} {register}: 0x{found[register]:x}, "
                                + $"expected 0x{worker.Registers[register]:x}"
                            )
                    );
                    Assert.Equal(
                        Report.PageTableLevels == 5 ? X64PagingMode.FiveLevel : X64PagingMode.FourLevel,
                        X64Paging.FromRegisters(found)?.Mode
                    );
                    TargetException exception = Assert.Throws<TargetException>(() =>
                        session.Target.ReadRegisters(Report.Cpus)
                    );
                    Assert.Matches(@"\b2\b", exception.Message);
                }
            }
        );

    [LinuxGuestFact]
    public void Registers_OfEachCore_AreWhatQemuSaidAtThatMoment() =>
        Assert.All(
            Ways.Where(way => !way.IsLive),
            way =>
            {
                using GuestTarget target = way.Open(fixture);
                foreach (GuestWorker worker in Report.Workers)
                {
                    RegisterSet expected = fixture.Cores.Registers[worker.Cpu];
                    RegisterSet found = target.ReadRegisters(worker.Cpu);

                    // QEMU's notes have no CR8; its monitor shows more of RFLAGS than is there only while a lazy flag
                    // waits.
                    Assert.Empty(
                        s_all
                            .Where(register =>
                                register != X64Register.Cr8
                                && expected[register] is { } value
                                && found[register] != value
                            )
                            .Select(register =>
                                $"vCPU {worker.Cpu} {register}: 0x{found[register]:x}, "
                                + $"expected 0x{expected[register]:x}"
                            )
                    );
                    Assert.NotNull(found[X64Register.Rflags]);
                }
            }
        );

    [LinuxGuestFact]
    public void Stacks_OfEachVcpu_HaveTheFramesThatTheWorkerTells() =>
        Assert.All(
            WalkableWays,
            way =>
                Assert.All(
                    Report.Workers,
                    worker =>
                    {
                        using GuestSession session = Open(way, worker);
                        CpuStack stack = ReadStack(session, worker);
                        IReadOnlyList<StackFrame> frames = stack.Backtrace.Frames;
                        string[] names =
                        [
                            .. new BacktraceSymbols(session.Symbols)
                                .Expand(stack.Backtrace)
                                .Where(row => !row.IsInlined)
                                .Select(row => row.Function ?? "??"),
                        ];

                        Assert.Equal(
                            worker.Frames.Select(frame => frame.Function).Append("work"),
                            names.Take(worker.Frames.Count + 1)
                        );
                        Assert.Equal(
                            worker.Frames.Select(frame => (ulong?)frame.CanonicalFrameAddress),
                            frames.Take(worker.Frames.Count).Select(frame => frame.CanonicalFrameAddress)
                        );
                        Assert.Equal(
                            worker.Frames.Select(frame => new FrameAddress(frame.ReturnAddress, true)),
                            frames.Skip(1).Take(worker.Frames.Count).Select(frame => frame.Address)
                        );
                        Assert.All(
                            frames.Skip(1),
                            frame => Assert.Equal(FrameOrigin.CallFrameInformation, frame.Origin)
                        );
                        Assert.Equal(
                            (true, ""),
                            (stack.Backtrace.End.IsComplete, string.Join("; ", stack.Backtrace.Notes))
                        );
                        Assert.Equal(
                            worker.Cpu == 0 ? "work_in_thread" : "main",
                            names.Skip(worker.Frames.Count + 1).First(name => name != "start_workers")
                        );
                    }
                )
        );
}
