using Microsoft.Win32.SafeHandles;
using Osprey.Target.Architectures;
using Osprey.Target.Architectures.X64;
using Osprey.Target.Memory;

namespace Osprey.Target.Backends.CoreFile;

/// <summary>
/// Writes a guest's memory and registers as an ELF core that gdb, crash, drgn and <see cref="CoreTarget"/> read.
/// </summary>
/// <remarks>
/// The file: header, program headers, notes, memory, as QEMU writes it; crash reads all that is before memory at once
/// and refuses other orders. What can't be read splits a segment, so that it stays unreadable; that is only known when
/// memory was copied. So there is room for 1,024 more program headers than the guest has blocks. Where that is not
/// enough, they go behind the memory: Osprey and gdb read that, too. Pages of zeros are holes. p_vaddr is the physical
/// address, as QEMU has it, unless virtual segments are asked for. A Linux kernel's image has segments by virtual
/// address all the same: drgn finds the page tables by one of its variables, and reads that before it has any.
/// </remarks>
public sealed class CoreWriter
{
    private const int PageSize = 4096;
    private const int ChunkSize = 1 << 20;

    private const int SpareSegments = 1024;
    private const int MaxVmcoreInfos = 64;
    private const int MaxImageSegments = 256;

    private readonly GuestTarget _target;
    private readonly CoreWriteOptions _options;
    private readonly List<ulong> _vmcoreInfos = [];
    private readonly byte[] _chunk = GC.AllocateUninitializedArray<byte>(ChunkSize);
    private readonly List<CoreRange> _ranges = [];
    private ulong _zero;
    private ulong _unreadable;
    private ulong _done;

    private CoreWriter(GuestTarget target, CoreWriteOptions options)
    {
        _target = target;
        _options = options;
    }

    /// <summary>Writes a core. Whoever wants a moment that holds together pauses the guest around it.</summary>
    /// <param name="target">The guest.</param>
    /// <param name="path">
    /// The file; one that is there is written over. It is removed again when writing fails or is cancelled.
    /// </param>
    /// <param name="progress">Is told how far it got after each MiB or so.</param>
    /// <param name="options">The contents beyond memory and registers; null for none.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <exception cref="IOException">The file can't be written.</exception>
    /// <exception cref="TargetException">The guest can't be reached any more.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static CoreWriteResult Write(
        GuestTarget target,
        string path,
        Action<CoreProgress>? progress = null,
        CoreWriteOptions? options = null,
        CancellationToken cancellation = default
    )
    {
        using SafeFileHandle file = File.OpenHandle(path, FileMode.Create, FileAccess.Write, FileShare.None);
        try
        {
            return Write(target, file, progress, options, cancellation);
        }
        catch
        {
            File.Delete(path);
            throw;
        }
    }

    /// <summary>Writes a core to a file that is open.</summary>
    /// <param name="target">The guest.</param>
    /// <param name="file">An empty file; what becomes of it when writing fails is the caller's to say.</param>
    /// <param name="progress">Is told how far it got after each MiB or so.</param>
    /// <param name="options">The contents beyond memory and registers; null for none.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <exception cref="IOException">The file can't be written.</exception>
    /// <exception cref="TargetException">The guest can't be reached any more.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static CoreWriteResult Write(
        GuestTarget target,
        SafeFileHandle file,
        Action<CoreProgress>? progress = null,
        CoreWriteOptions? options = null,
        CancellationToken cancellation = default
    ) => new CoreWriter(target, options ?? new CoreWriteOptions()).Write(file, progress, cancellation);

    private CoreWriteResult Write(SafeFileHandle file, Action<CoreProgress>? progress, CancellationToken cancellation)
    {
        List<RegisterSet> cpus = ReadCpus(out string? problem);
        List<PageRange>? mapped = _options.Paging is { } space ? VirtualSegments.Map(space, cancellation) : null;
        int spare = SpareSegments + (2 * (mapped?.Count ?? 0));
        long notesOffset = CoreLayout.HeaderSize + CoreLayout.GetTableSize(_target.Memory.Blocks.Count + spare);
        int notesRoom = CoreLayout.BuildNotes(cpus, new byte[VmcoreInfo.MaxSize], _options.Programs).Length;
        ulong total = 0;
        foreach (MemoryBlock block in _target.Memory.Blocks)
            total += block.Size;

        long position = AlignUp(notesOffset + notesRoom);
        foreach (MemoryBlock block in _target.Memory.Blocks)
        {
            ulong offset = 0;
            while (offset < block.Size)
            {
                cancellation.ThrowIfCancellationRequested();
                int wanted = (int)Math.Min(ChunkSize, block.Size - offset);
                int used = CopyChunk(file, block.Start.Value + offset, wanted, position);
                offset += (uint)used;
                position += used;
                _done += (uint)used;
                progress?.Invoke(new CoreProgress(_done, total));
            }

            position = AlignUp(position);
        }

        // What ends in a hole has its whole length all the same.
        RandomAccess.SetLength(file, position);
        byte[]? vmcoreInfo = FindVmcoreInfo();
        List<CoreSegment> segments = mapped is null
            ?
            [
                .. _ranges.Select(range => new CoreSegment(range.Address, range.Address, range.Size, range.Offset)),
                .. vmcoreInfo is null ? [] : FindImage(cancellation),
            ]
            : VirtualSegments.Build(mapped, _ranges);
        byte[] notes = CoreLayout.BuildNotes(cpus, vmcoreInfo, _options.Programs);
        bool hasRoom = CoreLayout.HeaderSize + CoreLayout.GetTableSize(segments.Count) <= notesOffset;
        CoreLayout.WriteHeaders(file, segments, notes, notesOffset, hasRoom ? CoreLayout.HeaderSize : position);
        ulong written = 0;
        foreach (CoreRange range in _ranges)
            written += range.Size;

        return new CoreWriteResult(written, _zero, _unreadable, cpus.Count, problem)
        {
            HasVmcoreInfo = vmcoreInfo is not null,
            HeadersAreLast = !hasRoom,
        };
    }

    /// <summary>
    /// The note of the kernel that runs, out of those that copying came by; null when none is certain.
    /// </summary>
    private byte[]? FindVmcoreInfo()
    {
        if (_options.Kernel is not { } kernel)
            return null;

        foreach (ulong address in _vmcoreInfos)
        {
            if (VmcoreInfo.TryRead(_target.Memory, address) is { } text && VmcoreInfo.IsOf(text, kernel))
                return text;
        }

        return null;
    }

    /// <summary>The segments of a Linux kernel's image, by virtual address; none when they are too many.</summary>
    private List<CoreSegment> FindImage(CancellationToken cancellation)
    {
        List<CoreRange> sorted = [.. _ranges.OrderBy(range => range.Address)];
        List<CoreSegment> image = VirtualSegments.FindMapped(
            VmcoreInfo.FindImage(_options.Kernel!, cancellation),
            sorted,
            []
        );
        return image.Count <= MaxImageSegments ? image : [];
    }

    private void LookForVmcoreInfo(ulong address, ReadOnlySpan<byte> bytes)
    {
        for (
            int at = (int)((PageSize - (address % PageSize)) % PageSize);
            at < bytes.Length && _vmcoreInfos.Count < MaxVmcoreInfos;
            at += PageSize
        )
        {
            if (VmcoreInfo.IsAt(bytes[at..]))
                _vmcoreInfos.Add(address + (uint)at);
        }
    }

    /// <summary>
    /// Copies what can be read from the front of a chunk; where nothing can, the rest of that page counts as
    /// unreadable.
    /// </summary>
    /// <returns>The bytes dealt with.</returns>
    private int CopyChunk(SafeFileHandle file, ulong address, int wanted, long position)
    {
        int count = _target.Memory.Read(new PhysicalAddress(address), _chunk.AsSpan(0, wanted));
        if (count == 0)
        {
            int skipped = (int)Math.Min((ulong)wanted, PageSize - (address % PageSize));
            _unreadable += (uint)skipped;
            return skipped;
        }

        WriteSparse(file, _chunk.AsSpan(0, count), position);
        LookForVmcoreInfo(address, _chunk.AsSpan(0, count));
        if (
            _ranges.Count > 0
            && _ranges[^1] is { } last
            && last.Address + last.Size == address
            && last.Offset + (long)last.Size == position
        )
            _ranges[^1] = last with { Size = last.Size + (uint)count };
        else
            _ranges.Add(new CoreRange(address, (ulong)count, position));

        return count;
    }

    /// <summary>
    /// Writes runs of pages that are not zero; a page of the file, not of the guest, is what can be a hole.
    /// </summary>
    private void WriteSparse(SafeFileHandle file, ReadOnlySpan<byte> bytes, long position)
    {
        int start = 0;
        while (start < bytes.Length)
        {
            int end = start;
            bool isZero = IsZeroPage(bytes, position, start, out int next);
            do end = next;
            while (end < bytes.Length && IsZeroPage(bytes, position, end, out next) == isZero);

            if (isZero)
                _zero += (uint)(end - start);
            else
                RandomAccess.Write(file, bytes[start..end], position + start);

            start = end;
        }
    }

    private static bool IsZeroPage(ReadOnlySpan<byte> bytes, long position, int start, out int next)
    {
        next = (int)Math.Min(bytes.Length, start + PageSize - ((position + start) % PageSize));
        return !bytes[start..next].ContainsAnyExcept((byte)0);
    }

    private List<RegisterSet> ReadCpus(out string? problem)
    {
        problem = null;
        var cpus = new List<RegisterSet>();
        for (int i = 0; i < _target.CpuCount; i++)
        {
            try
            {
                cpus.Add(_target.ReadRegisters(i));
            }
            catch (TargetException e)
            {
                // Its place is kept, so that the CPUs behind keep their numbers.
                cpus.Add(new RegisterSet(_target.Architecture));
                problem ??= $"CPU {i}: {e.Message}";
            }
        }

        return cpus;
    }

    private static long AlignUp(long position) => (position + PageSize - 1) & ~(PageSize - 1L);
}
