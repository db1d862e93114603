using System.Diagnostics;
using System.Text;
using Osprey.Binary.Elf;
using Osprey.Target.Architectures;
using Osprey.Target.Architectures.X64;
using Osprey.Tests.Builders;
using Osprey.Tests.Builders.Guests;
using Osprey.Tests.Packets;

namespace Osprey.Tests.Cli.Guest;

/// <summary>Guests that go in circles, have no end, or are where there is nothing.</summary>
public sealed class AbsurdGuestTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("osprey-absurd-");
    private readonly StringBuilder _transcript = new();

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void PageTables_ThatNameThemselves_AreShownToAnEnd()
    {
        byte[] low = new byte[0x4000];
        for (int i = 0; i < 512; i++)
            BitConverter.TryWriteBytes(low.AsSpan(0x1000 + (i * 8)), 0x1007UL);

        string core = Write(new GuestCoreBuilder().AddBlock(0, low).AddCpu(SmallGuest.MakeRegisters(0)));
        Run(core, "pagetable", "--map", "--merge");
        Run(core, "pagetable", "0x123456789abc");
        Run(core, "read", "0xfffffffffffffff0", "16");
        Run(core, "bt", "--cpu", "0");
        GoldenFile.Verify(_transcript.ToString());
    }

    [Fact]
    public void PageTables_WithOneEntryForThemselves_AreShownWhole()
    {
        byte[] low = SmallGuest.BuildLow(SmallGuest.MapPages());
        BitConverter.TryWriteBytes(low.AsSpan(0x1000 + (510 * 8)), 0x1003UL);
        Run(Write(new GuestCoreBuilder().AddBlock(0, low).AddCpu(SmallGuest.MakeRegisters(0))), "pagetable", "--map");
        GoldenFile.Verify(_transcript.ToString());
    }

    [Fact]
    public void Stacks_ThatGoInCircles_End()
    {
        using var guest = new SmallGuest();
        byte[] image = SmallGuest.ReadImage();
        RegisterSet registers = SmallGuest.MakeRegisters(0);
        int frame = (int)(registers[X64Register.Rbp]!.Value - SmallGuest.ImageVirtual);
        var circle = new GuestCoreBuilder().AddBlock(0, SmallGuest.BuildLow(SmallGuest.MapPages()));

        // vCPU 0: a frame that is its own caller; vCPU 1: two that call each other, seen by frame pointers alone.
        BitConverter.TryWriteBytes(image.AsSpan(frame), registers[X64Register.Rbp]!.Value);
        RegisterSet pair = SmallGuest.MakeRegisters(1);
        pair[X64Register.Rip] = SmallGuest.ImageVirtual + 0xe2;
        pair[X64Register.Rsp] = SmallGuest.ImageVirtual + 0x1930;
        pair[X64Register.Rbp] = SmallGuest.ImageVirtual + 0x1940;
        foreach (
            (int at, ulong value) in ((int, ulong)[])
                [(0x1940, 0x1960), (0x1948, 0xe0), (0x1960, 0x1940), (0x1968, 0xf0)]
        )
            BitConverter.TryWriteBytes(image.AsSpan(at), SmallGuest.ImageVirtual + value);

        string core = Write(circle.AddBlock(SmallGuest.ImagePhysical, image).AddCpu(registers).AddCpu(pair));
        Run(core, "bt", "--exe", guest.ProgramPath);
        Run(core, "bt");
        GoldenFile.Verify(_transcript.ToString().Replace(guest.Folder, "GUEST", StringComparison.Ordinal));
    }

    [Fact]
    public void Blocks_AtTheEndOfTheAddressSpace_AreReadAsFarAsThereIs()
    {
        byte[] last = [.. Enumerable.Range(0, 0x1000).Select(i => (byte)(i & 0xff))];
        byte[] low = SmallGuest.BuildLow(SmallGuest.MapPages());
        string core = Write(
            new GuestCoreBuilder()
                .AddBlock(0, low)
                .AddBlock(0xffff_ffff_ffff_f000, last)
                .AddCpu(SmallGuest.MakeRegisters(0))
        );
        foreach (
            string command in (string[])
                [
                    "info",
                    "read 0xffffffffffffffff 1",
                    "read 0xffffffffffffffff",
                    "read 0xfffffffffffffff0 0xffffffffffffffff",
                    "read 0xfffffffffffffff0 0xffffffffffffffff --json",
                    "read 0xfffffffffffffff8 9 --raw",
                    "read 0xffffffffffffffff --phys",
                    "read 0xffffffffffffffe0 64 --phys",
                    "read 0xffffffffffffffe0 64 --phys --raw",
                    "read 0x200000 0xffffffffffffffff --raw",
                    "read 0x1000 0x10000000000000000",
                    "read 0x1000 0",
                    "read 0x10000000000000000",
                    "disassemble 0xfffffffffffffffc",
                    "disassemble 0xffffffffffffffff --phys --bits 16",
                    "symbol 0xffffffffffffffff",
                    "list 0xffffffffffffffff",
                    "pagetable 0xffffffffffffffff",
                    "search --text version --start 0xffffffffffffffff",
                    "search fcfdfe --start 0xffffffffffffff00 --end 0xffffffffffffffff",
                    "search fcfdfe --end 0",
                    "dump copy.core --force",
                ]
        )
        {
            Run(
                core,
                [
                    .. command
                        .Split(' ')
                        .Select(word => word == "copy.core" ? Path.Combine(_folder.FullName, word) : word),
                ]
            );
        }

        GoldenFile.Verify(_transcript.ToString());
    }

    [Fact]
    public void Core_OfAsManySegmentsAsThereCanBe_IsReadAndCopied()
    {
        const int Segments = 65_535;
        var builder = new GuestCoreBuilder { CountInSection = true }.AddCpu(SmallGuest.MakeRegisters(0));
        for (uint i = 0; i < Segments; i++)
            builder.AddSegment(
                new ElfSegment(ElfSegmentType.Load, 0, i % 64, 0, 0x1_0000 + (i * 0x20UL), 0x10, 0x10, 0)
            );

        string core = Write(builder);
        string copy = Path.Combine(_folder.FullName, "copy.core");
        CommandRun info = CommandRun.Of("info", "--target", core);
        CommandRun dump = CommandRun.Of("dump", copy, "--target", core);
        CommandRun copied = CommandRun.Of("info", "--target", copy);

        Assert.Equal((0, 0, 0), (info.ExitCode, dump.ExitCode, copied.ExitCode));
        Assert.Equal(Segments, info.Text.Split('\n').Count(line => line.StartsWith("  0x", StringComparison.Ordinal)));
        Assert.Equal(info.Text.Split('\n')[1..], copied.Text.Split('\n')[1..]);
    }

    [Fact]
    [Trait("Category", "Slow")]
    public void Read_OfNearlyEverything_EndsAtTheSignal()
    {
        using var cli = new CliProcess();
        string core = WriteRandom();
        cli.RunAndSignal("INT", "read", "0", "0x8000000000000000", "--phys", "--target", core);
        Assert.Equal(130, cli.ExitCode);
    }

    [Theory]
    [Trait("Category", "Slow")]
    [InlineData("")]
    [InlineData("--raw")]
    [InlineData("--json")]
    public async Task Read_IntoAClosedPipe_EndsQuietly(string option)
    {
        string program = string.Join(' ', TestedProgram.Words.Select(word => $"'{word}'"));
        var start = new ProcessStartInfo(
            "bash",
            [
                "-c",
                $"{program} read 0 0x100000 --phys {option} --target '{WriteRandom()}' | head -c "
                    + $"40 | wc -c; echo ${{PIPESTATUS[0]}}",
            ]
        )
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();

        Assert.Equal("40\n0\n", output);
        Assert.Equal(
            $"osprey: reading core {Path.Combine(_folder.FullName, "test.core")}, 0 vCPUs, 1 MiB: core\n",
            await errors
        );
    }

    private string Write(GuestCoreBuilder builder)
    {
        string path = Path.Combine(_folder.FullName, "test.core");
        File.WriteAllBytes(path, builder.BuildElf());
        return path;
    }

    private string WriteRandom()
    {
        byte[] bytes = new byte[1 << 20];
        new Random(1).NextBytes(bytes);
        return Write(new GuestCoreBuilder().AddBlock(0, bytes));
    }

    private void Run(string core, params string[] command)
    {
        CommandRun run = CommandRun.Of([.. command, "--target", core, "--no-cache"]);
        _transcript.Append($"$ osprey {string.Join(' ', command)}\n");
        _transcript.Append(
            command.Contains("--raw")
                ? $"{run.Output.Length} bytes "
                    + $"{Convert.ToHexStringLower(run.Output.AsSpan(0, Math.Min(run.Output.Length, 16)))}\n"
                : run.Text
        );
        foreach (
            string line in run
                .Messages.Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Where(line => !line.StartsWith("osprey: reading core ", StringComparison.Ordinal))
        )
            _transcript.Append($"stderr: {line}\n");

        _transcript.Append($"exit {run.ExitCode}\n\n").Replace(_folder.FullName, "FOLDER");
    }
}
