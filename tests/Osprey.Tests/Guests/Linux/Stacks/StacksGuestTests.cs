using System.Text;
using Osprey.Guests.Programs;
using Osprey.Session.Guests;
using Osprey.Session.Guests.Stacks;
using Osprey.Target;
using Osprey.Target.Architectures;
using Osprey.Target.Architectures.X64;
using Osprey.Target.Backends.CoreFile;
using Osprey.Target.Backends.Qemu;
using Osprey.Target.Backends.Qemu.Processes;
using Osprey.Target.Memory;
using Osprey.Target.Unwinding;
using Osprey.Tests.Guests.Fixtures;
using Osprey.Tests.Guests.Kernel;
using Osprey.Tests.Symbols.Oracle;
using Xunit.Abstractions;

namespace Osprey.Tests.Guests.Linux.Stacks;

/// <summary>
/// Stacks of a Linux kernel by its own table (ORC): to their beginning, and the same as by debug info.
/// </summary>
[Collection(StacksGuestCollection.Name)]
[Trait("Category", "Slow")]
public sealed class StacksGuestTests(StacksGuest fixture, ITestOutputHelper output)
{
    private const int Moments = 30;

    [LinuxGuestFact]
    public void Stacks_OfEachWayWithoutAFile_ReachTheirBeginning()
    {
        string core = Path.Combine(fixture.Guest.Folder, "stacks.core");
        using (GuestSession live = OpenLive())
        using (live.Target.Pause())
            CoreWriter.Write(live.Target, core);

        string stub = $"gdb:unix:{fixture.Guest.GdbSocket}";
        foreach (
            (string way, Func<GuestSession> open, int moments) in ((string, Func<GuestSession>, int)[])
                [
                    ("live", () => OpenLive(), Moments),
                    ("stub", () => Open(GuestFinder.Open(TargetSpec.Parse(stub))), 1),
                    ("core", () => Open(CoreTarget.Open(core)), 1),
                ]
        )
        {
            using GuestSession session = open();
            if (session.Programs.Kernel is not null)
                return; // this host has the kernel's debug package

            int frames = 0;
            var ends = new SortedDictionary<string, int>(StringComparer.Ordinal);
            for (int i = 0; i < moments; i++)
            {
                using IDisposable? pause = way == "live" ? session.Target.Pause() : null;
                session.Refresh();
                IEnumerable<(string, Backtrace)> stacks =
                [
                    .. new GuestStacks(session)
                        .Read([0, 1], UnwinderOptions.Default, pauses: false)
                        .Where(stack => !IsUserMode(stack.Registers))
                        .Select(stack => ($"vCPU {stack.Cpu}", stack.Backtrace)),
                    .. TaskList
                        .ReadSleeping(session)
                        .Select(task => (task.Name, session.Kernel.Unwind(task.Registers))),
                ];
                foreach ((string name, Backtrace trace) in stacks)
                {
                    string described = $"{way}, {name}: {Describe(trace, session)}";
                    Assert.True(trace.End.Kind == BacktraceEndKind.Outermost, described);

                    // A vCPU may be in code that an indirect call jumps through, of which the table says nothing.
                    Assert.All(
                        trace.Notes,
                        note =>
                            Assert.Equal("frame 1: found by the return address on top of the stack, less certain", note)
                    );
                    Assert.All(
                        trace.Frames.Skip(trace.Notes.Count + 1),
                        frame => Assert.Equal(FrameOrigin.UnwindTable, frame.Origin)
                    );
                    frames += trace.Frames.Count;
                    string end = trace.End.Detail is null
                        ? session.NameAddress(trace.Frames[^1].Address.Lookup)!.Split('+')[0]
                        : "user mode";
                    ends[end] = ends.GetValueOrDefault(end) + 1;
                }
            }

            output.WriteLine(
                $"{way}: {frames} frames; {string.Join(", ", ends.Select(end => $"{end.Key} {end.Value}"))}"
            );
            Assert.True(frames > 100 && ends.Count > 1);
        }
    }

    [VmlinuxGuestFact]
    public void Stacks_OfAllTasks_HaveTheFramesOfDebugInfo()
    {
        using GuestSession session = OpenLive(VmlinuxFactAttribute.Vmlinux);
        var bare = new UnwindModuleList(
            [],
            ((IGuestUnwindRules)session.Os).CreateUnwindRules(
                session.Symbols.FindSymbol,
                name =>
                    session
                        .Programs.Types.Select(types => types.FindType(name))
                        .FirstOrDefault(type => type is not null)
            )
        );
        var described = new UnwindModuleList(session.Programs.Modules.Select(module => module.Unwind));
        int stacks = 0;
        int frames = 0;
        int further = 0;
        var differences = new List<string>();
        for (int i = 0; i < Moments; i++)
        {
            using IDisposable pause = session.Target.Pause();
            session.Refresh();
            IMemoryReader memory = session.Os.GetKernelSpace(session.Vcpu.Space).Memory;
            foreach (
                (string name, RegisterSet registers) in (IEnumerable<(string, RegisterSet)>)
                    [
                        .. session
                            .Target.ReadRegisters([0, 1])
                            .Where(registers => !IsUserMode(registers))
                            .Select((registers, cpu) => ($"vCPU {cpu}", registers)),
                        .. TaskList.ReadSleeping(session),
                    ]
            )
            {
                Backtrace ours = new Unwinder(bare, memory).Unwind(registers);
                Backtrace theirs = new Unwinder(described, memory).Unwind(registers);
                StackFrame[] certain =
                [
                    .. theirs
                        .Frames.Take(1)
                        .Concat(
                            theirs.Frames.Skip(1).TakeWhile(frame => frame.Origin == FrameOrigin.CallFrameInformation)
                        ),
                ];
                stacks++;
                further += ours.Frames.Count > certain.Length ? 1 : 0;
                for (int j = 0; j < certain.Length; j++)
                {
                    frames++;
                    if (j < ours.Frames.Count && IsSame(certain[j], ours.Frames[j]))
                        continue;

                    differences.Add(
                        $"{name}, frame {j}\n  debug info: {Describe(theirs, session)}\n"
                            + $"  table: {Describe(ours, session)}"
                    );
                    break;
                }
            }
        }

        output.WriteLine($"once more, for time: {Repeat(session, bare)}");
        output.WriteLine(
            $"{stacks} stacks, {frames} frames, {differences.Count} stacks differ; the table leads further in {further}"
        );
        foreach (string difference in differences)
            output.WriteLine(difference);

        Assert.True(frames > 1000);
        Assert.True(differences.Count * 100 <= frames, string.Join('\n', differences));
    }

    private static string Repeat(GuestSession session, UnwindModuleList modules)
    {
        IReadOnlyList<(string Name, RegisterSet Registers)> tasks = TaskList.ReadSleeping(session);
        IMemoryReader memory = session.Os.GetKernelSpace(session.Vcpu.Space).Memory;
        var clock = System.Diagnostics.Stopwatch.StartNew();
        int frames = 0;
        int rounds = 10_000 / tasks.Count + 1;
        for (int i = 0; i < rounds; i++)
        {
            foreach ((_, RegisterSet registers) in tasks)
                frames += new Unwinder(modules, memory).Unwind(registers).Frames.Count;
        }

        return $"{rounds * tasks.Count} stacks, {frames} frames in {clock.ElapsedMilliseconds} ms";
    }

    private static bool IsSame(StackFrame one, StackFrame other) =>
        one.Address == other.Address
        && one.Registers.StackPointer == other.Registers.StackPointer
        && (
            one.Registers[X64Register.Rbp] is not { } pointer
            || other.Registers[X64Register.Rbp] is not { } otherPointer
            || pointer == otherPointer
        );

    private static bool IsUserMode(RegisterSet registers) => (registers[X64Register.Cs] & 3) == 3;

    private static string Describe(Backtrace trace, GuestSession session)
    {
        var text = new StringBuilder();
        foreach (StackFrame frame in trace.Frames)
            text.Append(session.NameAddress(frame.Address.Value) ?? $"{frame.Address.Value:x}")
                .Append(frame.Origin == FrameOrigin.FramePointer ? "? " : " ");

        return text.Append($"({trace.End})").ToString();
    }

    private GuestSession OpenLive(string? vmlinux = null) =>
        Open(QemuTarget.Attach(QemuProcess.TryRead(fixture.Guest.ProcessId)!), vmlinux);

    private static GuestSession Open(GuestTarget target, string? vmlinux = null) =>
        GuestSession.Over(
            target,
            new GuestSettings
            {
                Cpu = 0,
                NoCache = true,
                ExecutablePath = vmlinux,
            }
        );
}
