using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using Osprey.Rsp.Client;
using Osprey.Session.Guests;
using Osprey.Target;
using Osprey.Target.Architectures;
using Osprey.Target.Architectures.X64;
using Osprey.Target.Backends.Gdb;
using Osprey.Target.Memory;
using Osprey.Tests.Builders.Guests;
using Osprey.Tests.Packets;
using Osprey.Tests.Symbols.Oracle;

namespace Osprey.Tests.Target.Backends.Gdb;

/// <summary>
/// Conversations with real QEMUs that boot nothing but their firmware: with the one on this machine, and replayed from
/// <c>Rsp/Transcripts</c>. <c>OSPREY_ACCEPT=1</c> records those anew.
/// </summary>
public sealed class QemuStubTests
{
    [RequiresProgramFact("qemu-system-x86_64")]
    public void RunningGuest_AfterReading_RunsOn()
    {
        using var guest = new SeabiosGuest(isPaused: false);
        for (int round = 0; round < 3; round++)
        {
            using (GdbTarget target = Connect(guest))
            {
                Assert.Equal("paused", guest.Status);
                Assert.True(target.WasRunning);
                Assert.Empty(target.Notes);
                Assert.Equal(ResetVector, ReadResetVector(target));
                target.ReadRegisters(1);
            }

            Assert.Equal("running", guest.Status);
        }
    }

    [RequiresProgramFact("qemu-system-x86_64")]
    public void GuestThatNeverRan_AfterReading_StaysSo()
    {
        using var guest = new SeabiosGuest(isPaused: true);
        for (int round = 0; round < 3; round++)
        {
            using (GdbTarget target = Connect(guest))
            {
                Assert.False(target.WasRunning);
                Assert.Equal(
                    (2, "0xfff0 0xfff0"),
                    (
                        target.CpuCount,
                        $"0x{target.ReadRegisters(0)[X64Register.Rip]:x} 0x{target.ReadRegisters(1)[X64Register.Rip]:x}"
                    )
                );
                Assert.Equal(ResetVector, ReadResetVector(target));
            }

            Assert.Equal("prelaunch", guest.Status);
        }

        guest.Execute("cont");
        Assert.Equal("running", guest.Status);
    }

    [RequiresProgramFact("qemu-system-x86_64")]
    public void PausedGuest_AfterReading_StaysPausedAndCanBeLetRun()
    {
        using var guest = new SeabiosGuest(isPaused: false);
        guest.Execute("stop");
        using (GdbTarget target = Connect(guest))
        {
            Assert.False(target.WasRunning);
            Assert.Empty(target.Notes);
        }

        Assert.Equal("paused", guest.Status);
        guest.Execute("cont");
        Assert.Equal("running", guest.Status);
        using (GdbTarget target = Connect(guest))
            Assert.True(target.WasRunning);

        Assert.Equal("running", guest.Status);
    }

    [RequiresProgramFact("qemu-system-x86_64")]
    public void PausedGuest_FoundByItsStub_StaysPaused()
    {
        using var guest = new SeabiosGuest(isPaused: false);
        guest.Execute("stop");
        using (GuestTarget target = GuestFinder.Open(TargetSpec.Parse($"gdb:unix:{guest.Stub}")))
        {
            Assert.False(Assert.IsType<GdbTarget>(target).WasRunning);
            Assert.Empty(target.Notes);
        }

        Assert.Equal("paused", guest.Status);
        guest.Execute("cont");
        using (GuestTarget target = GuestFinder.Open(TargetSpec.Parse($"gdb:unix:{guest.Stub}")))
        {
            Assert.True(Assert.IsType<GdbTarget>(target).WasRunning);
            Assert.Empty(target.Notes);
        }

        Assert.Equal("running", guest.Status);
    }

    [RequiresProgramFact("qemu-system-x86_64")]
    public void RunningGuest_WhoseStubDoesNotTell_IsSaidToBeLetRun()
    {
        using var guest = new SeabiosGuest(isPaused: false);
        using (GdbTarget target = GdbTarget.Connect($"unix:{guest.Stub}"))
        {
            string[] notes = guest.StubTellsState
                ? []
                : ["the gdb stub does not tell whether the guest was running; it will be let run at the end"];
            Assert.Equal(notes, target.Notes);
        }

        Assert.Equal("running", guest.Status);
    }

    [RequiresProgramFact("qemu-system-x86_64")]
    public void GuestLetRunMeanwhile_IsReadOn()
    {
        using var guest = new SeabiosGuest(isPaused: false);
        var impatient = new GdbOptions { Protocol = RspOptions.Default with { Timeout = TimeSpan.FromSeconds(1) } };
        using GdbTarget target = Connect(guest, impatient);
        guest.Execute("cont");

        target.ReadRegisters(0);

        Assert.Equal(["the guest was let run by somebody else while it was read"], target.Notes);
        Assert.Equal("paused", guest.Status);
    }

    [RequiresProgramFact("qemu-system-x86_64", "gdb")]
    public void Memory_OfAPausedGuest_IsWhatGdbReads()
    {
        using var guest = new SeabiosGuest(isPaused: false);
        guest.Execute("stop");
        byte[] ours = new byte[0x40000];
        using (GdbTarget target = Connect(guest))
            Assert.Equal(ours.Length, target.Memory.Read(new PhysicalAddress(0xc0000), ours));

        string dump = Path.GetTempFileName();
        Tools.Run(
            "gdb",
            [
                "-nx",
                "-batch",
                "-ex",
                "set architecture i386:x86-64",
                "-ex",
                $"target remote {guest.Stub}",
                "-ex",
                "maintenance packet Qqemu.PhyMemMode:1",
                "-ex",
                $"dump binary memory {dump} 0xc0000 0x100000",
                "-ex",
                "maintenance packet Qqemu.PhyMemMode:0",
            ]
        );

        Assert.Equal(File.ReadAllBytes(dump), ours);
        File.Delete(dump);
    }

    [RequiresProgramFact("qemu-system-x86_64")]
    public void Record_Transcripts_WhenAccepted()
    {
        foreach (bool isPaused in new[] { true, false })
        {
            using var guest = new SeabiosGuest(isPaused);
            using var log = new StringWriter();
            var transcript = new RspTranscript(log);
            transcript.Comment(
                $"QEMU's stub, a guest with its firmware only, {(isPaused ? "that never ran (-S)" : "that ran")}"
            );
            string text;
            using (
                GdbTarget target = GdbTarget.Connect($"unix:{guest.Stub}", new GdbOptions { Transcript = transcript })
            )
                text = Describe(target);

            Assert.NotEqual("", text);
            if (Environment.GetEnvironmentVariable("OSPREY_ACCEPT") == "1")
                File.WriteAllText(GetTranscript(isPaused), log.ToString());
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Replay_OfQemu72_GivesTheSameGuest(bool isPaused)
    {
        using var replay = new RspReplayStream(File.ReadAllText(GetTranscript(isPaused)));
        using (GdbTarget target = GdbTarget.Open(replay, "gdb stub replayed", GdbOptions.Default, connected: 0))
            GoldenFile.Verify(
                Describe(target),
                test: $"{nameof(Replay_OfQemu72_GivesTheSameGuest)}.{(isPaused ? "Paused" : "Ran")}"
            );

        Assert.True(replay.IsAtEnd);
    }

    /// <summary>Connects with what the stub of a newer QEMU does not tell.</summary>
    private static GdbTarget Connect(SeabiosGuest guest, GdbOptions? options = null) =>
        GdbTarget.Connect(
            $"unix:{guest.Stub}",
            (options ?? GdbOptions.Default) with
            {
                WasRunning = guest.StubTellsState ? null : guest.Status == "running",
            }
        );

    private static string ResetVector => "ea5be000f0";

    private static string ReadResetVector(GdbTarget target)
    {
        byte[] vector = new byte[16];
        Assert.Equal(16, target.Memory.Read(new PhysicalAddress(0xffff_fff0), vector));
        return Convert.ToHexStringLower(vector.AsSpan(0, 5));
    }

    private static string Describe(GdbTarget target)
    {
        var text = new StringBuilder();
        text.AppendLine(
            CultureInfo.InvariantCulture,
            $"{target.CpuCount} vCPUs, {target.Access}, ran: {target.WasRunning}"
        );
        foreach (string note in target.Notes)
            text.AppendLine(note);

        foreach (MemoryBlock block in target.Memory.Blocks)
            text.AppendLine(CultureInfo.InvariantCulture, $"{block.Start} 0x{block.Size:x} {block.Kind} {block.Name}");

        for (int cpu = 0; cpu < target.CpuCount; cpu++)
        {
            foreach (Register register in X64Architecture.Instance.Registers)
                text.AppendLine(
                    CultureInfo.InvariantCulture,
                    $"cpu {cpu} {X64Names.Of(register)} "
                        + $"{(target.ReadRegisters(cpu)[register] is ulong value ? $"0x{value:x}" : "?")}"
                );
        }

        text.AppendLine(CultureInfo.InvariantCulture, $"reset vector {ReadResetVector(target)}");
        byte[] bytes = new byte[0x1800];
        int read = target.Memory.Read(new PhysicalAddress(0x200_000), bytes);
        text.AppendLine(
            CultureInfo.InvariantCulture,
            $"physical 0x{read:x} bytes, of them not zero {bytes.Count(value => value != 0)}"
        );
        read = target.GetVirtualMemory(0).Read(0xffff_fff0, bytes);
        text.AppendLine(CultureInfo.InvariantCulture, $"virtual 0x{read:x} bytes");
        return text.ToString();
    }

    private static string GetTranscript(bool isPaused, [CallerFilePath] string source = "") =>
        Path.Combine(
            Path.GetDirectoryName(source)!,
            "../../../Rsp/Transcripts",
            isPaused ? "qemu-7.2-paused.txt" : "qemu-7.2-ran.txt"
        );
}
