using System.Diagnostics;
using Osprey.Target;
using Osprey.Target.Backends.Gdb;
using Osprey.Target.Backends.Qemu;
using Osprey.Target.Backends.Qemu.Processes;
using Osprey.Target.Memory;
using Osprey.Target.Memory.Search;
using Osprey.Tests.Builders;
using Osprey.Tests.Guests;
using Osprey.Tests.Packets;
using Osprey.Tests.Symbols.Oracle;

namespace Osprey.Tests.Cli.Guest;

/// <summary>Guests that are not there, can't be reached or end meanwhile: what is said, and the exit code.</summary>
[Trait("Category", "Slow")]
public sealed class GuestFailureTests
{
    [Fact]
    public void CommandLines_ThatMakeNoSense_AreUsageErrors()
    {
        using var cli = new CliProcess();
        string[][] commandLines =
        [
            ["read"],
            ["read", "0", "x"],
            ["read", "0", "--unit", "3"],
            ["read", "0", "-T", "core:"],
            ["read", "0", "--target", ""],
            ["search"],
            ["search", "1"],
            ["search", "00", "--text", "a"],
            ["search", "--value", "256", "--size", "1"],
            ["pagetable"],
            ["pagetable", "0", "--map"],
            ["disassemble", "0", "--bits", "8"],
            ["bt", "--limit", "0"],
            ["bt", "--cpus", "--cpu", "0"],
            ["registers", "--cpu", "-1"],
            ["read", "0", "--cr3", "zz"],
        ];
        foreach (string[] commandLine in commandLines)
        {
            CommandRun run = CommandRun.Of(commandLine);
            cli.Note($"$ osprey {string.Join(' ', commandLine)}\n{run.Messages}");
            Assert.Equal(
                (string.Join(' ', commandLine), 2, ""),
                (string.Join(' ', commandLine), run.ExitCode, run.Text)
            );
        }

        GoldenFile.Verify(cli.Transcript);
    }

    [Fact]
    public void Targets_ThatAreNotThere_AreSaid()
    {
        AssertFails(
            $"osprey: there is no process 2000000000\n        osprey guests lists the guests of this host\n",
            "info",
            "--target",
            "2000000000"
        );
        AssertFails(
            $"osprey: process {Environment.ProcessId} is not a QEMU with an x86-64 guest\n        osprey "
                + "guests lists the guests of this host\n",
            "info",
            "--target",
            $"{Environment.ProcessId}"
        );
        AssertFails(
            "osprey: there is no guest 'no-such-guest'\n        osprey guests lists those of this host; "
                + "--target takes PID, NAME, gdb:HOST:PORT, gdb:unix:PATH, core:FILE or process:PID\n",
            "info",
            "--target",
            "no-such-guest"
        );
        AssertFails(
            "osprey: /nowhere/x.core can't be opened: there is no such file or folder\n",
            "info",
            "--target",
            "core:/nowhere/x.core"
        );
        CommandRun stub = CommandRun.Of("info", "--target", "gdb:unix:/nowhere/gdb");
        Assert.Equal((1, ""), (stub.ExitCode, stub.Text));
        Assert.StartsWith("osprey: no gdb stub at unix:/nowhere/gdb: ", stub.Messages, StringComparison.Ordinal);
    }

    [ToolFact("qemu-system-x86_64")]
    public void Target_LeftOutWithTwoGuests_AsksWhich()
    {
        using var one = new BareGuest(true, "-m", "32");
        using var other = new BareGuest(true, "-m", "32");
        CommandRun run = CommandRun.Of("info");

        Assert.Equal((1, ""), (run.ExitCode, run.Text));
        Assert.Matches(@"^osprey: \d+ guests run on this host\n        name one: --target with ", run.Messages);
        Assert.Matches($@"[ ,]{one.ProcessId} \({one.Name}\)", run.Messages);
        Assert.Matches($@"[ ,]{other.ProcessId} \({other.Name}\)", run.Messages);
    }

    [ToolFact("qemu-system-x86_64")]
    public void Guest_WithoutQmp_IsReadAsFarAsItGoes()
    {
        using var guest = new BareGuest(false, "-m", "64");
        string target = guest.ProcessId.ToString();
        Thread.Sleep(500); // into the firmware; any place will do
        CommandRun read;
        CommandRun end = CommandRun.Of("read", "--phys", "0x3fffff0", "32", "--raw", "--target", target);

        byte[] expected = new byte[0x400];
        using (var stub = GdbTarget.Connect($"unix:{guest.GdbSocket}"))
        {
            Assert.Equal(expected.Length, stub.Memory.Read(new PhysicalAddress(0), expected));
            read = CommandRun.Of("read", "--phys", "0", "0x400", "--raw", "--target", target);
        }

        Assert.Equal((0, Convert.ToHexString(expected)), (read.ExitCode, Convert.ToHexString(read.Output)));
        Assert.True(expected.AsSpan().ContainsAnyExcept((byte)0));
        Assert.Equal((1, 16), (end.ExitCode, end.Output.Length));
        const string Advice = "start QEMU with: -qmp unix:/tmp/osprey.qmp,server=on,wait=off";
        Assert.Equal(
            $"osprey: reading qemu pid {target} ({guest.Name}), 1 vCPU, 64 MiB: live, not known whether it runs\n"
                + $"osprey: note: RAM was found by its size, registers can't be read: qemu pid {target} has no "
                + $"QMP socket; {Advice}\n",
            read.Messages
        );
        foreach (
            string[] command in (string[][])
                [
                    ["registers"],
                    ["bt"],
                    ["read", "0x1000"],
                ]
        )
        {
            CommandRun run = CommandRun.Of([.. command, "--target", target]);
            Assert.Equal((1, ""), (run.ExitCode, run.Text));
            Assert.EndsWith(
                $": qemu pid {target} has no QMP socket\n        {Advice}\n",
                run.Messages,
                StringComparison.Ordinal
            );
        }
    }

    [ToolTheory("qemu-system-x86_64")]
    [InlineData(false)]
    [InlineData(true)]
    public void Guest_ThatEndsWhileItIsRead_IsSaid(bool shared)
    {
        string[] memory = shared
            ?
            [
                "-m",
                "512",
                "-object",
                "memory-backend-memfd,id=m,size=512M,share=on",
                "-machine",
                "pc,memory-backend=m",
            ]
            : ["-m", "512"];
        using var guest = new BareGuest(true, memory);
        using Process reader = Start(
            [],
            ["read", "--phys", "0x100000", "0x18000000", "--raw", "--target", $"{guest.ProcessId}"]
        );

        // It waits for its output to be taken: the guest ends in the middle for sure.
        Stream output = reader.StandardOutput.BaseStream;
        output.ReadExactly(new byte[4096]);
        guest.Kill();
        output.CopyTo(Stream.Null);
        string messages = reader.StandardError.ReadToEnd();
        reader.WaitForExit();

        Assert.Equal(1, reader.ExitCode);
        Assert.Matches(
            @"^osprey: reading qemu pid \d+ \(.*\n"
                + (
                    shared
                        ? @"osprey: the guest ended while it was read: qemu pid \d+\n"
                            + @"        osprey guests lists those that run\n$"
                        : @"osprey: the guest ended: qemu pid \d+ does not run any more\n"
                            + @"        osprey guests lists those that run\n$"
                ),
            messages
        );
    }

    [ToolFact("qemu-system-x86_64")]
    public void Search_OfAGuestThatEnded_Throws()
    {
        using var guest = new BareGuest(true, "-m", "64");
        using GuestTarget target = QemuTarget.Attach(QemuProcess.TryRead(guest.ProcessId)!);
        guest.Kill();

        Assert.Throws<TargetException>(() => MemorySearch.Find(target.Memory, MemoryPattern.FromText("anything")));
        Assert.Throws<TargetException>(() => target.ReadRegisters(0));
        Assert.Throws<TargetException>(target.Pause);
        Assert.Equal(TargetAccess.Live, target.Access);
    }

    [AnotherUserFact]
    public void Guest_OfAnotherUser_IsNotPermittedAndSaysWhatHelps()
    {
        using var guest = new BareGuest(true, "-m", "32");
        using Process run = Start(
            ["setpriv", .. AnotherUserFactAttribute.Arguments],
            ["read", "--phys", "0", "16", "--target", $"{guest.ProcessId}"]
        );
        string output = run.StandardOutput.ReadToEnd();
        string messages = run.StandardError.ReadToEnd();
        run.WaitForExit();

        Assert.Equal((1, ""), (run.ExitCode, output));
        Assert.Equal(
            $"osprey: qemu pid {guest.ProcessId} can't be read: not permitted\n        run osprey as root, or "
                + "as the user that runs QEMU\n",
            messages
        );
    }

    private static Process Start(string[] starter, string[] arguments)
    {
        ProcessStartInfo start = TestedProgram.Behind(starter, arguments);
        start.Environment["DOTNET_CLI_HOME"] = start.Environment["HOME"] = Path.GetTempPath();
        return Process.Start(start)!;
    }

    private static void AssertFails(string messages, params string[] arguments)
    {
        CommandRun run = CommandRun.Of(arguments);
        Assert.Equal((1, "", messages), (run.ExitCode, run.Text, run.Messages));
    }
}
