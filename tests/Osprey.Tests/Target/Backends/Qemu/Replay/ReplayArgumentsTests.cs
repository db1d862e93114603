using Osprey.Target.Backends.Qemu.Replay;

namespace Osprey.Tests.Target.Backends.Qemu.Replay;

/// <summary>Command lines of a QEMU that records or replays.</summary>
public sealed class ReplayArgumentsTests
{
    [Fact]
    public void Build_ToRecord_PutsFiltersBeforeDrivesAndNetworks()
    {
        var built = ReplayArguments.Build(
            [
                "-accel",
                "tcg,thread=multi",
                "-drive",
                "file=a.img,if=none,id=hd0",
                "-drive",
                "if=pflash,file=code",
                "-netdev",
                "user,id=n0",
            ],
            "/r,1",
            plays: false
        );
        Assert.Equal(
            """
            -accel tcg,thread=single
            -drive file=/r,,1/drive0.qcow2,format=qcow2,if=none,id=osprey-hd0
            -drive driver=blkreplay,if=none,image=osprey-hd0,id=hd0
            -drive if=pflash,file=code
            -netdev user,id=n0
            -object filter-replay,id=osprey-n0,netdev=n0
            -icount shift=3,rr=record,rrfile=/r,,1/events,rrsnapshot=init
            -drive file=/r,,1/snapshots.qcow2,format=qcow2,if=none,id=osprey-snapshots
            -global apic-common.vapic=off
            """,
            Format(built)
        );
        Assert.Equal([new ReplayDrive("a.img", null, "/r,1/drive0.qcow2")], built.Drives);
    }

    [Fact]
    public void Build_ToReplay_AddsAStubAndWaits()
    {
        Assert.Equal(
            """
            -m 32
            -nic none
            -icount shift=3,rr=replay,rrfile=/r/events,rrsnapshot=init
            -drive file=/r/snapshots.qcow2,format=qcow2,if=none,id=osprey-snapshots
            -global apic-common.vapic=off
            -S -gdb
            unix:/r/gdb,server=on,wait=off -qmp
            unix:/r/qmp,server=on,wait=off
            """,
            Format(ReplayArguments.Build(["-m", "32"], "/r", plays: true))
        );
        string[] own = ["-S", "-s", "-qmp", "unix:/q,server=on,wait=off"];
        Assert.Equal(own, ReplayArguments.Build(own, "/r", plays: true).Words.Take(own.Length));
        Assert.Equal(own.Length + 8, ReplayArguments.Build(own, "/r", plays: true).Words.Count);
    }

    [Theory]
    [InlineData(true, "-nographic")]
    [InlineData(false, "-nodefaults")]
    [InlineData(false, "-nic", "none")]
    [InlineData(false, "-netdev", "user,id=n0")]
    public void Build_WithoutANetwork_LeavesOutQemusOwn(bool leavesOut, params string[] arguments)
    {
        var built = ReplayArguments.Build(arguments, "/r", plays: false);
        Assert.Equal(leavesOut, built.LeavesOutNetwork);
        Assert.Equal(leavesOut || arguments[0] == "-nic", built.Words.Contains("-nic"));
    }

    [Theory]
    [InlineData("-enable-kvm: only emulated", "-enable-kvm")]
    [InlineData("-accel kvm: only emulated", "-accel", "kvm")]
    [InlineData("-machine q35,accel=kvm:tcg: only emulated", "-machine", "q35,accel=kvm:tcg")]
    [InlineData("-icount: it is added", "-icount", "shift=1")]
    [InlineData("-hda: write -drive", "-hda", "x")]
    [InlineData("-drive file=x,if=virtio: to be recorded", "-drive", "file=x,if=virtio")]
    [InlineData("-netdev user: it has no id", "-netdev", "user")]
    [InlineData("-nic user: write -netdev", "-nic", "user")]
    public void Build_WhatCanNotBeRecorded_IsRefused(string problem, params string[] arguments) =>
        Assert.StartsWith(
            problem,
            Assert.Throws<FormatException>(() => ReplayArguments.Build(arguments, "/r", plays: false)).Message,
            StringComparison.Ordinal
        );

    private static string Format(ReplayArguments built) =>
        string.Join('\n', built.Words.Chunk(2).Select(words => string.Join(' ', words)));
}
