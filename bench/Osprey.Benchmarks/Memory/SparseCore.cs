using Osprey.Binary;
using Osprey.Target;
using Osprey.Target.Architectures;
using Osprey.Target.Architectures.X64;
using Osprey.Target.Backends.CoreFile;
using Osprey.Target.Memory;

namespace Osprey.MemoryBenchmark;

/// <summary>A guest of 16 GiB with nearly nothing but zeros, to be written as an ELF core with holes.</summary>
internal sealed class SparseCore : GuestTarget
{
    private SparseCore()
    {
        var source = new Zeros();
        Memory = new SegmentedMemory([
            new MemorySegment(new MemoryBlock(default, 3UL << 30, MemoryBlockKind.Ram, "low"), source, 0),
            new MemorySegment(
                new MemoryBlock(new PhysicalAddress(4UL << 30), 13UL << 30, MemoryBlockKind.Ram, "high"),
                source,
                0
            ),
        ]);
    }

    public override string Name => "sparse";

    public override TargetAccess Access => TargetAccess.Paused;

    public override Architecture Architecture => X64Architecture.Instance;

    public override IPhysicalMemory Memory { get; }

    public override int CpuCount => 1;

    public static void Write(string path)
    {
        using var target = new SparseCore();
        Console.WriteLine(CoreWriter.Write(target, path));
    }

    public override RegisterSet ReadRegisters(int cpu) => new(Architecture);

    private sealed class Zeros : ByteSource
    {
        public override string Name => "zeros";

        public override long Length => long.MaxValue;

        public override int Read(long offset, Span<byte> buffer)
        {
            buffer.Clear();
            if (offset % (64 << 20) == 0)
                buffer[0] = 1;

            return buffer.Length;
        }

        public override ReadOnlyMemory<byte> Slice(long offset, long length) => new byte[length];
    }
}
