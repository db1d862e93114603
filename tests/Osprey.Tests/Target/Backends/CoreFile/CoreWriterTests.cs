using Osprey.Binary;
using Osprey.Target.Architectures;
using Osprey.Target.Architectures.X64;
using Osprey.Target.Backends.CoreFile;
using Osprey.Target.Memory;
using Osprey.Tests.Builders.Guests;

namespace Osprey.Tests.Target.Backends.CoreFile;

public sealed class CoreWriterTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("osprey-core").FullName;

    private string Core => Path.Combine(_folder, "core");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Write_GuestWithHoles_ReadsBackTheSame()
    {
        // The source ends within the second block: the rest of it can't be read.
        byte[] first = new byte[0x8000];
        CoreTargetTests.Fill(0x2000, 1).CopyTo(first, 0x3000);
        byte[] second = CoreTargetTests.Fill(0x1800, 5);
        var memory = new SegmentedMemory([
            new MemorySegment(
                new MemoryBlock(new PhysicalAddress(0x1000), 0x8000, MemoryBlockKind.Ram, "ram"),
                new MemoryByteSource("", first),
                0
            ),
            new MemorySegment(
                new MemoryBlock(new PhysicalAddress(0x10_0000), 0x4000, MemoryBlockKind.Ram, "ram"),
                new MemoryByteSource("", second),
                0
            ),
            new MemorySegment(
                new MemoryBlock(new PhysicalAddress(0x20_0010), 0x30, MemoryBlockKind.Rom, "rom"),
                new MemoryByteSource("", second),
                0
            ),
        ]);
        RegisterSet cpu = CoreTargetTests.MakeCpu(3);
        cpu[X64Register.Efer] = 0xd01;
        cpu[X64Register.Cr8] = 5;
        var progress = new List<CoreProgress>();
        CoreWriteResult result = CoreWriter.Write(
            new FakeTarget(memory, cpu, null, CoreTargetTests.MakeCpu(4)),
            Core,
            progress.Add
        );
        using CoreTarget target = CoreTarget.Open(Core);

        Assert.Equal(new CoreWriteResult(0x8000 + 0x1800 + 0x30, 0x6000, 0x2800, 3, "CPU 1: it ended"), result);
        Assert.Equal(
            [(0x1000UL, 0x8000UL), (0x10_0000, 0x1800), (0x20_0010, 0x30)],
            target.Memory.Blocks.Select(block => (block.Start.Value, block.Size))
        );
        Assert.Equal(first, CoreTargetTests.ReadAll(target.Memory, 0x1000, 0x9000));
        Assert.Equal(second, CoreTargetTests.ReadAll(target.Memory, 0x10_0000, 0x4000));
        Assert.Equal(second[..0x30], CoreTargetTests.ReadAll(target.Memory, 0x20_0010, 0x100));
        Assert.Equal(
            [
                CoreTargetTests.Describe(cpu),
                CoreTargetTests.Describe(new RegisterSet(X64Architecture.Instance)),
                CoreTargetTests.Describe(CoreTargetTests.MakeCpu(4)),
            ],
            Enumerable.Range(0, 3).Select(i => CoreTargetTests.Describe(target.ReadRegisters(i)))
        );
        Assert.Equal(new CoreProgress(0xc030, 0xc030), progress[^1]);
        Assert.Empty(target.Notes);
    }

    [Fact]
    public void Write_Cancelled_LeavesNoFile()
    {
        using var cancellation = new CancellationTokenSource();
        var target = new FakeTarget(PageTableBuilder.ToMemory(new byte[4 << 20]));

        Assert.Throws<OperationCanceledException>(() =>
            CoreWriter.Write(target, Core, _ => cancellation.Cancel(), cancellation: cancellation.Token)
        );
        Assert.False(File.Exists(Core));
    }

    [Fact]
    [Trait("Category", "Slow")]
    public void Write_MoreSegmentsThanTheHeaderCounts_AreCountedInSectionZero()
    {
        byte[] bytes = CoreTargetTests.Fill(4096, 1);
        var source = new MemoryByteSource("", bytes);
        var memory = new SegmentedMemory(
            Enumerable
                .Range(0, 66_000)
                .Select(i => new MemorySegment(
                    new MemoryBlock(new PhysicalAddress((ulong)i * 64), 8, MemoryBlockKind.Ram, ""),
                    source,
                    i % 4000
                ))
        );
        CoreWriter.Write(new FakeTarget(memory), Core);
        using CoreTarget target = CoreTarget.Open(Core);

        Assert.Equal(
            memory.Blocks.Select(block => (block.Start, block.Size)),
            target.Memory.Blocks.Select(block => (block.Start, block.Size))
        );
        Assert.Equal(bytes[(65_999 % 4000)..][..8], CoreTargetTests.ReadAll(target.Memory, 65_999 * 64, 8));
    }
}
