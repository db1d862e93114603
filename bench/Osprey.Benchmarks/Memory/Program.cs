using System.Diagnostics;
using System.Runtime.InteropServices;
using Osprey.Binary;
using Osprey.Target;
using Osprey.Target.Architectures.X64;
using Osprey.Target.Backends.CoreFile;
using Osprey.Target.Backends.Qemu;
using Osprey.Target.Backends.Qemu.Processes;
using Osprey.Target.Memory;
using Osprey.Target.Memory.Search;

namespace Osprey.MemoryBenchmark;

/// <summary>
/// Measures memory access on a core file: the time to the first answer, reads, bulk reads, searches, the page map.
/// </summary>
internal static class Program
{
    private static int Main(string[] args)
    {
        if (args.Length == 2 && args[0] == "--make-sparse")
        {
            SparseCore.Write(args[1]);
            return 0;
        }

        if (args.Length == 1 && args[0] == "--hostile")
        {
            MeasureHostile();
            return 0;
        }

        if (args.Length == 0)
        {
            Console.Error.WriteLine(
                "usage: osprey-memory CORE|PID [--first] [--no-map] | --make-sparse FILE | --hostile"
            );
            return 2;
        }

        long start = Stopwatch.GetTimestamp();
        using GuestTarget target = Open(args);
        MemoryBlock last = target.Memory.Blocks[^1];
        byte[] one = new byte[8];
        int count = target.Memory.Read(new PhysicalAddress(last.End.Value - 8), one);
        Console.WriteLine(
            $"first answer: {Stopwatch.GetElapsedTime(start).TotalMilliseconds:f1} ms ({target.Memory.Blocks.Count} "
                + $"blocks, {target.CpuCount} CPUs, {count} bytes read)"
        );
        foreach (string note in target.Notes)
            Console.WriteLine($"note: {note}");

        if (args.Contains("--first"))
            return 0;

        Run(target);
        return 0;
    }

    /// <summary>
    /// Opens a core file, or a live guest by the process id of its QEMU, whose memory is mapped if it is shared.
    /// </summary>
    private static GuestTarget Open(string[] args) =>
        int.TryParse(args[0], out int id)
            ? QemuTarget.Attach(
                QemuProcess.TryRead(id) ?? throw new IOException($"{id} is no QEMU"),
                !args.Contains("--no-map")
            )
            : CoreTarget.Open(args[0]);

    private static void Run(GuestTarget target)
    {
        MemoryBlock block = target.Memory.Blocks.MaxBy(candidate => candidate.Size)!;
        Warm(target.Memory, block);
        Measure(
            "search bytes",
            block,
            () => Search(target, MemoryPattern.FromBytes([0x48, 0x8b, 0x05, 0xde, 0xad, 0xbe, 0xef, 0x01]))
        );
        Measure("search wildcards", block, () => Search(target, Hex("48 8? 05 ?? ?? be ef 01")));
        Measure("search integer", block, () => Search(target, MemoryPattern.FromInteger(0x1234_5678_9abc, 8)));
        Measure("search small integer", block, () => Search(target, MemoryPattern.FromInteger(0x01_0001, 8)));
        Measure(
            "search text",
            block,
            () => Search(target, MemoryPattern.FromText("no such text here", ignoreCase: true))
        );
        MeasureBare(target, block);
        MeasureReads(target, block);
        MeasureBulk(target, block);
        MeasureMap(target);
    }

    private static void MeasureReads(GuestTarget target, MemoryBlock block)
    {
        (VirtualMemory memory, ulong start, ulong size) = OpenLargest(target, block);
        for (int round = 0; round < 3; round++)
        {
            ulong sum = 0;
            const int Count = 10_000_000;
            long started = Stopwatch.GetTimestamp();
            ulong at = 12345;
            for (int i = 0; i < Count; i++)
            {
                at = unchecked((at * 6364136223846793005) + 1442695040888963407);
                memory.TryReadUInt64(start + ((at >> 20) % (size - 8)), out ulong value);
                sum ^= value;
            }

            double seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
            started = Stopwatch.GetTimestamp();
            for (int i = 0; i < Count; i++)
            {
                memory.TryReadUInt64(start + ((ulong)i * 8 % (size - 8)), out ulong value);
                sum ^= value;
            }

            double sequential = Stopwatch.GetElapsedTime(started).TotalSeconds;
            Console.WriteLine(
                $"8-byte reads: {Count / seconds / 1e6:f1} million/s anywhere, {Count / sequential / 1e6:f1} in order "
                    + $"(sum {sum:x}, over {size >> 20} MiB)"
            );
        }
    }

    /// <summary>
    /// Measures the best that this machine can do: plain loads from the mapping, at the same addresses.
    /// </summary>
    private static void MeasureBare(GuestTarget target, MemoryBlock block)
    {
        if (target.Memory is not IMappedMemory mapped)
            return;

        ReadOnlySpan<byte> bytes = mapped.GetMapped(block.Start, (int)Math.Min(block.Size, int.MaxValue));
        for (int round = 0; round < 3; round++)
        {
            ulong sum = 0;
            const int Count = 10_000_000;
            long started = Stopwatch.GetTimestamp();
            ulong at = 12345;
            for (int i = 0; i < Count; i++)
            {
                at = unchecked((at * 6364136223846793005) + 1442695040888963407);
                sum ^= MemoryMarshal.Read<ulong>(bytes[(int)((at >> 20) % (ulong)(bytes.Length - 8))..]);
            }

            double seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
            Console.WriteLine(
                $"bare loads: {Count / seconds / 1e6:f1} million/s anywhere (sum {sum:x}, over {bytes.Length >> 20} "
                    + "MiB)"
            );
        }
    }

    private static void MeasureBulk(GuestTarget target, MemoryBlock block)
    {
        (VirtualMemory memory, ulong start, ulong size) = OpenLargest(target, block);
        byte[] buffer = new byte[Math.Min((ulong)(64 << 20), size)];
        byte[] copy = new byte[buffer.Length];
        for (int round = 0; round < 3; round++)
        {
            long started = Stopwatch.GetTimestamp();
            int count = memory.Read(start, buffer);
            double read = count / Stopwatch.GetElapsedTime(started).TotalSeconds / 1e9;
            started = Stopwatch.GetTimestamp();
            buffer.CopyTo(copy.AsSpan());
            double plain = buffer.Length / Stopwatch.GetElapsedTime(started).TotalSeconds / 1e9;
            Console.WriteLine(
                $"bulk read: {read:f2} GB/s of {count >> 20} MiB; a plain copy {plain:f2} GB/s; "
                    + $"{100 * read / plain:f0} %"
            );
        }
    }

    private static void MeasureMap(GuestTarget target)
    {
        if (target.CpuCount == 0 || X64Paging.FromRegisters(target.ReadRegisters(0)) is not { } paging)
            return;

        foreach (bool split in (bool[])[true, false])
        {
            var map = new PageTableMap(
                target.Memory,
                paging,
                new PageTableMapOptions { SplitWherePhysicalChanges = split }
            );
            long started = Stopwatch.GetTimestamp();
            ulong bytes = 0;
            int ranges = 0;
            foreach (PageRange range in map.Enumerate())
            {
                bytes += range.Size;
                ranges++;
            }

            double milliseconds = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
            Console.WriteLine(
                $"page map ({paging.Mode}, split {split}): {ranges} ranges of {bytes >> 20} MiB, {map.TableCount} "
                    + $"tables, {milliseconds:f1} ms"
            );
        }
    }

    /// <summary>
    /// Measures a root table of which every entry points to the root itself: the map must soon end at its limit.
    /// </summary>
    private static void MeasureHostile()
    {
        byte[] table = new byte[4096];
        MemoryMarshal.Cast<byte, ulong>(table.AsSpan()).Fill(0x1003);
        var memory = new SegmentedMemory([
            new MemorySegment(
                new MemoryBlock(new PhysicalAddress(0x1000), 4096, MemoryBlockKind.Ram, ""),
                new MemoryByteSource("hostile", table),
                0
            ),
        ]);
        foreach (bool split in (bool[])[true, false])
        {
            var map = new PageTableMap(
                memory,
                new X64Paging(X64PagingMode.FourLevel, new PhysicalAddress(0x1000)),
                new PageTableMapOptions { SplitWherePhysicalChanges = split }
            );
            long started = Stopwatch.GetTimestamp();
            int ranges = map.Enumerate().Count();
            double seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
            Console.WriteLine(
                $"hostile tables (split {split}): {ranges} ranges, {map.TableCount} tables, {seconds:f2} s, "
                    + $"{GC.GetTotalAllocatedBytes() >> 10} KiB allocated"
            );
        }
    }

    /// <summary>
    /// Finds the guest's largest physically contiguous mapping, or its physical memory when it has no paging.
    /// </summary>
    private static (VirtualMemory Memory, ulong Start, ulong Size) OpenLargest(GuestTarget target, MemoryBlock block)
    {
        X64Paging paging =
            target.CpuCount > 0 ? X64Paging.FromRegisters(target.ReadRegisters(0)) ?? X64Paging.Off : X64Paging.Off;
        var memory = new VirtualMemory(target.Memory, new PageTableWalker(target.Memory, paging));
        if (paging.Mode == X64PagingMode.None)
            return (memory, block.Start.Value, Math.Min(block.Size, uint.MaxValue - block.Start.Value));

        PageRange largest = new PageTableMap(target.Memory, paging)
            .Enumerate()
            .Where(range =>
                range.Physical!.Value.Value >= block.Start.Value
                && range.Physical.Value.Value + range.Size <= block.End.Value
            )
            .MaxBy(range => range.Size);
        return (memory, largest.Start, largest.Size);
    }

    private static void Warm(IPhysicalMemory memory, MemoryBlock block)
    {
        byte[] buffer = new byte[1 << 20];
        for (ulong offset = 0; offset < block.Size; offset += (ulong)buffer.Length)
            memory.Read(new PhysicalAddress(block.Start.Value + offset), buffer);
    }

    private static void Measure(string what, MemoryBlock block, Func<int> run)
    {
        double best = 0;
        int found = 0;
        for (int round = 0; round < 4; round++)
        {
            long started = Stopwatch.GetTimestamp();
            found = run();
            best = Math.Max(best, block.Size / Stopwatch.GetElapsedTime(started).TotalSeconds / 1e9);
        }

        Console.WriteLine($"{what}: {best:f2} GB/s, {found} found in {block.Size >> 20} MiB");
    }

    private static int Search(GuestTarget target, MemoryPattern pattern) =>
        MemorySearch.Find(target.Memory, pattern).Matches.Count;

    private static MemoryPattern Hex(string text) =>
        MemoryPattern.TryParseHex(text, out MemoryPattern? pattern) ? pattern : throw new FormatException(text);
}
