using System.Security.Cryptography;
using System.Text.Json;
using Osprey.Binary.Elf;
using Osprey.Tests.Cli;
using Osprey.Tests.Symbols.Oracle;

namespace Osprey.Tests.Guests.Osv.Tracepoints;

/// <summary>
/// A busy OSv guest whose tracepoints are enabled and disabled from outside, again and again: its code is then as it
/// was, byte for byte, and it lives on.
/// </summary>
[Trait("Category", "Slow")]
public sealed class OsvTracepointSwitchTests
{
    private const int Rounds = 100;

    // Hit by whatever a guest does, and not among those that the guest is booted with.
    private static readonly string[][] s_globs =
    [
        ["*"],
        ["mutex_*", "condvar_*", "waitqueue_*"],
        ["memory_*", "net_*", "virtio_*"],
        ["[a-m]*"],
    ];

    [OsvBuildFact("qemu-system-x86_64")]
    public void EnableAndDisable_OfABusyGuestWithTwoVcpus_LeaveEveryByteOfItsCode() => Check(2);

    [OsvBuildFact("qemu-system-x86_64")]
    public void EnableAndDisable_OfABusyGuestWithFourVcpus_LeaveEveryByteOfItsCode() => Check(4);

    private static void Check(int cpus)
    {
        using var guest = new OsvGuest(cpus);
        guest.WaitForBoot();
        using var load = new Load(guest);
        OsvCommandLine live = OsvCommandLine.Live(guest);
        OsvCommandLine stub = OsvCommandLine.Stub(guest);

        // Those that the guest was booted with were enabled by itself, and their places jump.
        Switch(live, "disable", ["*"]);
        string before = Hash(guest);
        for (int round = 0; round < Rounds; round++)
        {
            OsvCommandLine way = round % 10 == 9 ? stub : live;
            string[] globs = s_globs[round % s_globs.Length];
            Assert.NotEqual(0, Switch(way, "enable", globs, round % 3 == 0 ? ["--backtrace"] : []));
            if (round % 10 == 0)
                Assert.NotEqual(before, Hash(guest));

            Assert.NotEqual(0, Switch(way, "disable", globs));
            Assert.Equal(before, Hash(guest));
        }

        Assert.Equal(0, Switch(live, "disable", ["*"])); // nothing is left to write

        // The guest lives, and a tracepoint that was never enabled at boot has samples now.
        Switch(live, "enable", ["mutex_*", "condvar_*", "waitqueue_*", "memory_*"]);
        JsonElement counted = live.Json("trace", "count", "--interval", "3s", "--iterations", "1");
        Assert.Contains(
            counted.GetProperty("counters").EnumerateArray(),
            counter => counter.GetProperty("delta").GetInt64() > 0
        );
        string trace = guest.PathOf("trace");
        Assert.Equal(0, live.Run("trace", "extract", trace).ExitCode);
        CommandRun summary = CommandRun.Of("trace", "summary", trace);
        Assert.Contains("mutex_", summary.Text, StringComparison.Ordinal);
        Switch(live, "disable", ["*"]);
        Assert.Equal(before, Hash(guest));
        load.RequireAlive();
    }

    /// <summary>Enables or disables, and returns how many writes that took.</summary>
    private static int Switch(OsvCommandLine way, string verb, string[] globs, params string[] options)
    {
        JsonElement answer = way.Json(["trace", verb, .. globs, "--write", .. options]);
        int writes = answer.GetProperty("writes").GetArrayLength();
        Assert.Equal(writes > 0, answer.GetProperty("written").GetBoolean());
        return writes;
    }

    /// <summary>The hash of the kernel's code in the guest's memory.</summary>
    private static string Hash(OsvGuest guest)
    {
        using var image = ElfImage.Open(OsvBuild.Loader);
        ElfSection text = image.FindSection(".text")!;
        ElfSegment holder = image.Segments.First(segment =>
            segment.LinkAddress <= text.LinkAddress
            && text.LinkAddress - segment.LinkAddress < segment.MemorySize
            && segment.Type == ElfSegmentType.Load
        );
        byte[] code = new byte[text.Size];
        using FileStream file = File.Open(guest.MemoryFile, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        file.Position = (long)(text.LinkAddress - holder.LinkAddress + holder.PhysicalLinkAddress);
        file.ReadExactly(code);
        return Convert.ToHexStringLower(SHA256.HashData(code));
    }

    /// <summary>Keeps the guest busy, where it has a server to ask.</summary>
    private sealed class Load : IDisposable
    {
        private readonly OsvGuest _guest;
        private readonly CancellationTokenSource _end = new();
        private readonly Thread _thread;

        public Load(OsvGuest guest)
        {
            _guest = guest;
            _thread = new Thread(() =>
            {
                while (!_end.IsCancellationRequested && guest.HasServer)
                    guest.TryAsk("/os/threads");
            });
            _thread.Start();
        }

        public void RequireAlive() => Assert.True(!_guest.HasServer || _guest.TryAsk("/os/version"));

        public void Dispose()
        {
            _end.Cancel();
            _thread.Join();
            _end.Dispose();
        }
    }
}
