using System.IO.Compression;
using Osprey.Target.Backends.CoreFile;
using Osprey.Target.Memory;
using Osprey.Tests.Builders.Guests;
using Osprey.Tests.Symbols.Oracle;
using Osprey.Tests.Target.Backends.CoreFile;

namespace Osprey.Tests.Cli.Guest;

/// <summary>What commands say of files and folders that are not what was meant.</summary>
public sealed class GuestInputTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("osprey-input").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Core_ThatIsCompressedAsAWhole_SaysByWhat()
    {
        string path = Path.Combine(_folder, "vm.core.gz");
        using (var packed = new GZipStream(File.Create(path), CompressionLevel.Fastest))
            packed.Write(File.ReadAllBytes(MakeCore()));

        CommandRun run = CommandRun.Of("info", "--target", $"core:{path}");

        Assert.Equal((1, $"osprey: {path} is compressed with gzip: unpack it first\n"), (run.ExitCode, run.Messages));
    }

    [ToolTheory("zstd")]
    [InlineData("")]
    [InlineData("--format=xz")]
    [InlineData("--format=lz4")]
    public void Core_CompressedByZstd_SaysByWhat(string format)
    {
        string path = Path.Combine(_folder, "vm.core.packed");
        string supported = Tools.Run("zstd", ["-vV"]);
        string name = format.Length == 0 ? "zstd" : format.Split('=')[1];
        if (!supported.Contains(name, StringComparison.Ordinal))
            return;

        Tools.Run("zstd", [.. format.Split(' ', StringSplitOptions.RemoveEmptyEntries), "-q", MakeCore(), "-o", path]);

        CommandRun run = CommandRun.Of("info", "--target", $"core:{path}");

        Assert.Equal((1, $"osprey: {path} is compressed with {name}: unpack it first\n"), (run.ExitCode, run.Messages));
    }

    [ToolFact("mkfifo")]
    public void Core_ThatIsAPipe_NamesThePathOnce()
    {
        string path = Path.Combine(_folder, "pipe");
        Tools.Run("mkfifo", [path]);

        CommandRun run = CommandRun.Of("info", "--target", $"core:{path}");

        Assert.Equal(
            (1, $"osprey: {path} can't be opened: expected a file, found a pipe\n"),
            (run.ExitCode, run.Messages)
        );
    }

    [Fact]
    public void Sysroot_ThatIsNotThere_IsSaid()
    {
        string core = MakeCore();
        CommandRun none = CommandRun.Of("modules", "--sysroot", $"{_folder}/none", "--target", $"core:{core}");
        CommandRun file = CommandRun.Of("info", "--sysroot", core, "--target", $"core:{core}");

        Assert.Equal(
            (1, $"osprey: --sysroot {_folder}/none: there is no such folder\n"),
            (none.ExitCode, none.Messages)
        );
        Assert.Equal((1, $"osprey: --sysroot {core}: a file, not a folder\n"), (file.ExitCode, file.Messages));
    }

    [Theory]
    [InlineData("0x9000", "0x1000")]
    [InlineData("0x1000", "0x1000")]
    public void Search_FromBehindItsEnd_IsAMistake(string start, string end)
    {
        CommandRun run = CommandRun.Of("search", "00", "--start", start, "--end", end, "-T", $"core:{MakeCore()}");

        Assert.Equal(
            (2, $"osprey: --start {start} is not below --end {end}: nothing to search\n"),
            (run.ExitCode, run.Messages)
        );
    }

    [Fact]
    public void Core_OfAPc_HasTheSizeOfItsRam()
    {
        // 2 MiB of RAM with the usual hole, a graphics card and firmware.
        string core = MakeCore((0, 0xa_0000), (0x10_0000, 0x10_0000), (0xfd00_0000, 0x8000), (0xfffc_0000, 0x4_0000));

        CommandRun run = CommandRun.Of("registers", "--target", $"core:{core}");

        Assert.Equal($"osprey: reading core {core}, 1 vCPU, 2 MiB: core\n", run.Messages);
    }

    private string MakeCore(params (ulong Start, ulong Size)[] blocks)
    {
        string path = Path.Combine(_folder, "vm.core");
        if (blocks.Length == 0)
            blocks = [(0, 0x1_0000)];

        var memory = new SegmentedMemory([
            .. blocks.Select(block => new MemorySegment(
                new MemoryBlock(new PhysicalAddress(block.Start), block.Size, MemoryBlockKind.Ram, "ram"),
                new Osprey.Binary.MemoryByteSource("", new byte[block.Size]),
                0
            )),
        ]);
        CoreWriter.Write(new FakeTarget(memory, CoreTargetTests.MakeCpu(1)), path);
        return path;
    }
}
