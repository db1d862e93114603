using Osprey.Session.Guests;
using Osprey.Session.Guests.Stacks;
using Osprey.Target.Architectures;
using Osprey.Target.Architectures.X64;
using Osprey.Target.Unwinding;
using Osprey.Tests.Guests.Fixtures;
using Osprey.Tests.Guests.Report;

namespace Osprey.Tests.Guests.Ways;

/// <summary>What is found of a guest from outside, by every way to it, against what its init says of itself.</summary>
[Trait("Category", "Slow")]
public abstract partial class LinuxGuestWaysTests(LinuxGuestFixture fixture)
{
    private const ulong UserTables = 1UL << 12;
    private const int Attempts = 400;

    private LinuxGuest Guest => fixture.Guest;

    private GuestReport Report => Guest.Report;

    private IReadOnlyList<WayToAGuest> Ways => WaysToAGuest.Of(Guest.Variant);

    /// <summary>
    /// Those whose page tables can be walked. A core with paging has what the vCPUs' tables map: in user mode with
    /// page-table isolation that is neither the kernel nor any page table.
    /// </summary>
    private IEnumerable<WayToAGuest> WalkableWays =>
        Ways.Where(way => way.HasAllMemory || !Report.HasPageTableIsolation);

    private static IEnumerable<T> FirstOf<T>(IEnumerable<T> differences) => differences.Take(20);

    /// <summary>A session in the address space of a vCPU's worker, of a moment at which that is in its loop.</summary>
    private GuestSession Open(WayToAGuest way, GuestWorker worker)
    {
        for (int i = 0; i < Attempts; i++)
        {
            GuestSession session = Open(way, worker.Cpu);
            bool isUser = !Report.HasPageTableIsolation || (session.Selected.Space.Paging.Root.Value & UserTables) != 0;
            if (isUser && Report.IsInLoop(session.Target.ReadRegisters(worker.Cpu)))
                return session;

            session.Dispose();
            Thread.Sleep(3);
        }

        throw new InvalidOperationException($"{way}: vCPU {worker.Cpu} is never in its loop");
    }

    private GuestSession Open(WayToAGuest way, int cpu) =>
        GuestSession.Over(
            way.Open(fixture),
            new GuestSettings
            {
                Cpu = cpu,
                NoCache = true,
                Modules = [$"{LinuxGuestImage.Init}@0x0"],
            }
        );

    private CpuStack ReadStack(GuestSession session, GuestWorker worker)
    {
        for (int i = 0; i < Attempts; i++)
        {
            CpuStack stack = new GuestStacks(session)
                .Read([worker.Cpu], UnwinderOptions.Default, pauses: false)
                .Single();
            if (Report.IsInLoop(stack.Registers))
                return stack;

            Thread.Sleep(3);
        }

        throw new InvalidOperationException($"vCPU {worker.Cpu} is never in its loop");
    }

    private RegisterSet ReadRegisters(GuestSession session, GuestWorker worker)
    {
        for (int i = 0; i < Attempts; i++)
        {
            RegisterSet registers = session.Target.ReadRegisters(worker.Cpu);
            if (Report.IsInLoop(registers) && (registers[X64Register.Cs] ?? 3) % 4 == 3)
                return registers;

            Thread.Sleep(3);
        }

        throw new InvalidOperationException($"vCPU {worker.Cpu} is never in its loop");
    }
}
