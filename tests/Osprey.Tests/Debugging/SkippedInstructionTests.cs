using System.Diagnostics;
using Osprey.Debug;
using Osprey.Debug.Breakpoints;
using Osprey.Session.Guests;
using Osprey.Target.Architectures;
using Osprey.Target.Architectures.X64;
using Osprey.Target.Execution;
using Osprey.Tests.Guests;
using Osprey.Tests.Guests.Fixtures;

namespace Osprey.Tests.Debugging;

/// <summary>
/// Instructions of a real kernel whose effect is written in place of a step: the effect is what QEMU's own step does,
/// and what a vCPU has that was let run past a breakpoint.
/// </summary>
[Collection(SymbolsGuestCollection.Name)]
[Trait("Category", "Slow")]
public sealed class SkippedInstructionTests(SymbolsGuest fixture)
{
    private const int Steps = 400;
    private const int PlacesOfAKind = 2;
    private const int Rounds = 3;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    /// <summary>The kernel calls it at each tick of a vCPU that is not idle, with interrupts off.</summary>
    private const string Ticked = "update_process_times";

    [LinuxGuestFact]
    public void Effects_AreThoseOfAStep_AndOfARunPastABreakpoint()
    {
        var settings = new GuestSettings
        {
            Target = TargetSpec.Parse(fixture.Guest.Name),
            Permissions = TargetPermissions.Execute,
        };
        using GuestSession guest = SteeredGuest.Open(settings, CancellationToken.None);
        IExecutionControl execution = guest.Target.Require<IExecutionControl>();
        var session = new DebugSession(guest);
        DebugBreakpoint tick = session.Add(
            new BreakpointSettings(BreakpointLocation.Parse(Ticked)) { Thread = ThreadChoice.Parse("init") }
        );
        session.Resume();
        int cpu = session.WaitForStop(s_patience)!.Thread.Cpu!.Value;
        session.Remove(tick);

        var places = new Dictionary<string, List<ulong>>();
        for (int step = 0; step < Steps; step++)
        {
            RegisterSet before = guest.Target.ReadRegisters(cpu);
            (SimpleEffect? effect, string kind) = Find(guest, cpu, before);
            Assert.Equal(StopReason.Step, execution.Step(cpu, s_patience).Reason);
            session.Forget();
            if (effect is null)
                continue;

            Compare(guest, cpu, before, effect, kind);
            List<ulong> known = places.TryGetValue(kind, out List<ulong>? found) ? found : places[kind] = [];
            if (known.Count < PlacesOfAKind && !known.Contains(before.CodeAddress!.Value))
                known.Add(before.CodeAddress!.Value);
        }

        string[] kinds = ["nop", "push", "move", "room"];
        Assert.True(kinds.Take(3).All(places.ContainsKey), string.Join(' ', places.Keys));
        Assert.All(places.Values.SelectMany(all => all), place => RunPast(guest, session, execution, place));
        session.LetGo(wasRunning: true);
    }

    private static void RunPast(GuestSession guest, DebugSession session, IExecutionControl execution, ulong place)
    {
        var here = new Breakpoint(BreakpointKind.Software, place);
        execution.Insert(here);
        Breakpoint? behind = null;
        var seen = new Dictionary<int, (RegisterSet Before, SimpleEffect Effect, string Kind)>();
        int compared = 0;
        long start = Stopwatch.GetTimestamp();
        while (compared < Rounds && Stopwatch.GetElapsedTime(start) < s_patience)
        {
            execution.Resume();
            StopEvent? stop = execution.WaitForStop(s_patience);
            session.Forget();
            Assert.Equal(StopReason.Breakpoint, stop?.Reason);
            int cpu = stop!.Cpu!.Value;
            if (stop.Address == place)
            {
                RegisterSet before = guest.Target.ReadRegisters(cpu);
                (SimpleEffect? effect, string kind) = Find(guest, cpu, before);
                seen[cpu] = (before, effect!, kind);
                behind ??= new Breakpoint(BreakpointKind.Software, effect!.Registers[^1].Value);
                execution.Insert(behind.Value);
            }
            else if (seen.Remove(cpu, out (RegisterSet Before, SimpleEffect Effect, string Kind) passed))
            {
                Compare(guest, cpu, passed.Before, passed.Effect, passed.Kind);
                compared++;
            }
        }

        Assert.Equal(Rounds, compared);
        execution.Remove(here);
        execution.Remove(behind!.Value);
    }

    private static (SimpleEffect? Effect, string Kind) Find(GuestSession guest, int cpu, RegisterSet registers)
    {
        Span<byte> code = stackalloc byte[15];
        code = code[..guest.GetCpu(cpu).Memory.Read(registers.CodeAddress!.Value, code)];
        SimpleEffect? effect = X64Architecture.Instance.SimpleInstructions!.Find(registers, code);
        string kind = effect switch
        {
            null => "",
            { Store: not null } => "push",
            { Registers.Count: 1 } => "nop",
            { Registers.Count: 2 } => "move",
            _ => "room",
        };
        return (effect, kind);
    }

    private static void Compare(GuestSession guest, int cpu, RegisterSet before, SimpleEffect effect, string kind)
    {
        RegisterSet after = guest.Target.ReadRegisters(cpu);
        var expected = effect.Registers.ToDictionary(one => one.Register, one => (ulong?)one.Value);
        string at = $"{kind} at 0x{before.CodeAddress:x}: ";
        foreach (Register register in X64Architecture.Instance.Registers)
        {
            ulong? value = expected.TryGetValue(register, out ulong? written) ? written : before[register];
            Assert.Equal($"{at}{register.Name} {value:x}", $"{at}{register.Name} {after[register]:x}");
        }

        if (effect.Store is not { } store)
            return;

        byte[] stored = new byte[store.Bytes.Length];
        Assert.Equal(stored.Length, guest.GetCpu(cpu).Memory.Read(store.Address, stored));
        Assert.Equal(store.Bytes, stored);
    }
}
