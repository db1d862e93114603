using System.Globalization;
using System.Text.RegularExpressions;
using Osprey.Tests.Builders.Guests;
using Osprey.Tests.Cli;
using Osprey.Tests.GdbServer;
using Osprey.Tests.Guests;
using Osprey.Tests.Symbols.Oracle;

namespace Osprey.Tests.Debugging;

/// <summary>
/// Breakpoints at boot: of the firmware, of a boot loader, and of kernels, after a reset and before it.
/// </summary>
[Trait("Category", "Slow")]
public sealed class EarlyBootTests
{
    private static readonly string[] s_stub = ["-gdb", "unix:FOLDER/gdb,server=on,wait=off"];

    /// <summary>
    /// SeaBIOS has the second vCPU begin at 0x10000, with a far jump into itself. This boot loader puts its second part
    /// there, as such of Linux and BSD do.
    /// </summary>
    private const string TwoParts = """
        .code16
        .globl _start
        _start:
            cli
            cld
            xor %ax, %ax
            mov %ax, %ds
            mov $0x1000, %ax
            mov %ax, %es
            mov $part, %si
            xor %di, %di
            mov $64, %cx
            rep movsb
            ljmp $0x1000, $0
        part:
            mov $0x1234, %bx
            movl $0x59444552, 0x6000            # "REDY"
        1:  hlt
            jmp 1b
            .org 510
            .word 0xaa55
        """;

    [ToolFact("qemu-system-x86_64", "as", "ld")]
    public void RunUntil_APlaceOfFirmwareAndLoader_StopsInTheOneThatIsMeant()
    {
        using QemuGuest guest = BootSector.Boot(TwoParts, null, s_stub);
        CommandRun run = Run(guest, "run-until", "0x10000", "--reset", "--stop", "--print", "$cs");
        Assert.True(run.ExitCode == 0, run.Messages);
        Assert.Matches(@"^0x0000000000010000 \?\?, vCPU 1, after [0-9.]+ s\n\$cs = 4096$", run.Text);
        Assert.Equal("paused", State(guest));
        // The far jump of the firmware: ea, the offset and f000.
        Assert.Equal((0xea, 0xf000), Instruction(guest));

        run = Run(guest, "run-until", "0x10000", "--reset", "--while", "bb3412", "--stop");
        Assert.True(run.ExitCode == 0, run.Messages);
        Assert.Matches(@"^0x0000000000010000 \?\?, vCPU 0, after .* s, 1 stops did not count ", run.Text);
        Assert.Equal((0xbb, "paused"), (guest.SaveMemory(0x10000, 1)[0], State(guest)));

        run = Run(guest, "run-until", "0x10000", "--reset", "--while", "bb 34 12");
        Assert.True(run.ExitCode == 0, run.Messages);
        Assert.Equal("running", State(guest));
        guest.RunUntil(0x6000, BootSector.Ready);

        run = Run(guest, "run-until", "0x10000", "--reset", "--while", "1234", "--timeout", "3s");
        Assert.Equal(1, run.ExitCode);
        Assert.Matches("the guest did not come there within 3 s, 2 stops did not count", run.Messages);
    }

    /// <summary>The first instructions of both programs at 0x10000, with names.</summary>
    private static readonly (string Name, string Code, string Bytes, int Cpu)[] s_programs =
    [
        ("ap_start", "ljmp $0xf000, $0", "ea", 1),
        ("second_stage", "mov $0x1234, %bx", "bb3412", 0),
    ];

    [ToolFact("qemu-system-x86_64", "as", "ld")]
    public void RunUntil_AFunctionOfFirmwareOrLoader_IsOfTheProgramThatIsNamed()
    {
        using QemuGuest guest = BootSector.Boot(TwoParts, null, s_stub);
        foreach ((string name, string code, string bytes, int cpu) in s_programs)
        {
            string module = Build(guest.Folder, name, code);
            CommandRun run = Run(guest, "run-until", name, "--module", $"{module}@0x0", "--reset", "--while", bytes);
            Assert.True(run.ExitCode == 0, run.Messages);
            Assert.Matches($"^0x0000000000010000 {name}, vCPU {cpu}, after ", run.Text);
            Assert.Equal("running", State(guest));
        }
    }

    [ToolFact("qemu-system-x86_64", "as", "ld", "gdb")]
    public void Gdb_AtAPlaceOfFirmwareAndLoader_StopsInTheOneThatIsMeant()
    {
        using QemuGuest guest = BootSector.Boot(TwoParts, null, s_stub);
        using var server = new ServerProcess(null, "--target", $"{guest.ProcessId}", "--write");
        foreach ((string name, string code, string bytes, int cpu) in s_programs)
        {
            string module = Build(guest.Folder, name, code);
            string said = GdbSession.Run(
                server.Address,
                $"add-symbol-file {module}",
                $"hbreak *0x10000 if *(unsigned char *){name} == 0x{bytes[..2]}",
                "monitor system_reset",
                "continue",
                "printf \"at %d\\n\", $_thread",
                "info symbol $pc",
                "info threads",
                "stepi",
                "info symbol $pc",
                "printf \"pc %#lx, bx %#lx\\n\", $pc, $rbx & 0xffff",
                "set $pc = $pc",
                "printf \"pc %#lx again\\n\", $pc",
                "delete"
            );
            Assert.Matches($"Breakpoint 1, (0x0*10000 in )?{name} \\(\\)", said);
            Assert.Contains($"{name} in section .text", said, StringComparison.Ordinal);
            Assert.Matches($"(?m)^\\* .*\"vCPU {cpu}\"", said);
            // The firmware jumps into its segment f000; the loader's first instruction has three bytes.
            Match stepped = Regex.Match(said, "pc 0x([0-9a-f]+), bx (?:0x)?([0-9a-f]+)\n(?s:.*)pc 0x\\1 again");
            Assert.True(stepped.Success, said);
            Assert.Matches(cpu == 1 ? "^f[0-9a-f]{4}$" : "^10003$", stepped.Groups[1].Value);
            Assert.Equal(cpu == 0, stepped.Groups[2].Value == "1234");
        }
    }

    /// <summary>A file with the symbol of a program that begins at 0x10000.</summary>
    private static string Build(string folder, string name, string code)
    {
        string path = Path.Combine(folder, name);
        File.WriteAllText(
            path + ".s",
            $"""
            .code16
            .globl {name}
            .type {name}, @function
            {name}:
                {code}
                .size {name}, . - {name}

            """
        );
        Tools.Run("as", ["--64", "-o", path + ".o", path + ".s"]);
        Tools.Run("ld", ["-Ttext", "0x10000", "-e", name, "-o", path + ".elf", path + ".o"]);
        return path + ".elf";
    }

    [LinuxGuestFact]
    public void RunUntil_AKernelThatNeverRan_StartsItAndStopsInEachBoot()
    {
        // Without a disk, it waits for nothing and panics: it stays so.
        using var guest = new QemuGuest([
            "-S",
            "-m",
            "256",
            "-cpu",
            "max,la57=off",
            "-kernel",
            LinuxGuestImage.Kernel,
            "-append",
            "nokaslr no_timer_check panic=0",
            .. s_stub,
        ]);

        // startup_32 of the kernel's decompressor: cld, cli.
        CommandRun run = Run(guest, "run-until", "0x100000", "--while", "fcfa", "--stop");
        Assert.True(run.ExitCode == 0, run.Messages);
        Assert.Matches(@"^0x0000000000100000 \?\?, vCPU 0, after ", run.Text);
        Assert.Equal("paused", State(guest));

        // Its symbols are in its memory once it has begun.
        run = Run(guest, "run-until", "panic", "--timeout", "100s");
        Assert.True(run.ExitCode == 0, run.Messages);
        Assert.Equal("running", State(guest));

        run = Run(guest, "run-until", "start_kernel", "--reset", "--bt", "--stop", "--timeout", "100s");
        Assert.True(run.ExitCode == 0, run.Messages);
        Assert.Matches("^0xffffffff[0-9a-f]{8} start_kernel, vCPU 0, after ", run.Text);
        Assert.Matches("(?m)^#0 +0xffffffff[0-9a-f]{8} start_kernel$\n#1 .* secondary_startup_64", run.Text);
        Assert.Equal("paused", State(guest));
    }

    [OsvBuildFact("qemu-system-x86_64")]
    public void RunUntil_AnOsvThatNeverRan_StopsByNameBeforeItsFirstThread()
    {
        using var guest = new QemuGuest([
            "-S",
            "-m",
            "256",
            "-cpu",
            "max",
            "-kernel",
            OsvBuild.Folder.Kernel,
            "-append",
            "--verbose /none",
            .. s_stub,
        ]);
        for (int boot = 0; boot < 2; boot++)
        {
            string[] reset = boot == 0 ? [] : ["--reset"];
            CommandRun run = Run(guest, ["run-until", "premain", "--bt", "--stop", .. reset]);
            Assert.True(run.ExitCode == 0, run.Messages);
            Assert.Matches("^0x[0-9a-f]{16} premain at .*loader.cc:\\d+, vCPU 0, after ", run.Text);
            Assert.Matches("(?m)^#1 .* start64_continue", run.Text);
            Assert.Equal("paused", State(guest));
        }
    }

    [ToolFact("qemu-system-x86_64")]
    public void Reset_OfAQemuThatWouldEnd_IsRefused()
    {
        using var guest = new QemuGuest([.. s_stub, "-no-reboot"]);
        foreach (
            string[] words in (string[][])
                [
                    ["reset"],
                    ["run-until", "0x10000", "--reset"],
                ]
        )
        {
            CommandRun run = Run(guest, words);
            Assert.Equal(1, run.ExitCode);
            Assert.Contains("its QEMU was started with -no-reboot", run.Messages, StringComparison.Ordinal);
        }

        Assert.Equal("running", State(guest));
    }

    private static (int Opcode, int Selector) Instruction(QemuGuest guest)
    {
        byte[] bytes = guest.SaveMemory(0x10000, 5);
        return (bytes[0], BitConverter.ToUInt16(bytes, 3));
    }

    private static string State(QemuGuest guest) =>
        guest.Execute("query-status", new { }).GetProperty("running").GetBoolean() ? "running" : "paused";

    private static CommandRun Run(QemuGuest guest, params string[] words) =>
        CommandRun.Of([
            .. words,
            .. words.Contains("--timeout") || words[0] == "reset" ? (string[])[] : ["--timeout", "60s"],
            "--target",
            guest.ProcessId.ToString(CultureInfo.InvariantCulture),
        ]);
}
