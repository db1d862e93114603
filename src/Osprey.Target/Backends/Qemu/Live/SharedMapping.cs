using System.IO.MemoryMappedFiles;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Osprey.Target.Backends.Qemu.Processes;

namespace Osprey.Target.Backends.Qemu.Live;

/// <summary>A file that QEMU shares as the guest's memory, mapped into this process for reading.</summary>
/// <remarks>
/// A guest touches little of its memory at first, and the rest takes no room on the host. Looking at a page through a
/// mapping would give it room, so for long ranges the file is asked first where it has holes.
/// </remarks>
internal sealed unsafe partial class SharedMapping : IDisposable
{
    private const int SeekData = 3; // SEEK_DATA
    private const int SeekHole = 4; // SEEK_HOLE
    private const int NothingBehind = 6; // ENXIO

    /// <summary>From this size on a range may be worth the question.</summary>
    public const int LongRange = 1 << 16;

    private static readonly byte[] s_zeros = new byte[(1 << 20) + 4096];

    private readonly SafeFileHandle _handle;
    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;
    private byte* _start;
    private volatile Extent _extent = new(0, 0, false);

    private SharedMapping(
        SafeFileHandle handle,
        MemoryMappedFile file,
        MemoryMappedViewAccessor view,
        ProcessMapping mapping
    )
    {
        _handle = handle;
        _file = file;
        _view = view;
        Mapping = mapping;
        view.SafeMemoryMappedViewHandle.AcquirePointer(ref _start);
        _start += view.PointerOffset;
    }

    /// <summary>The place where QEMU has it mapped.</summary>
    public ProcessMapping Mapping { get; }

    /// <summary>Maps what QEMU has mapped there.</summary>
    /// <returns>Null when it is not shared, or the file can't be opened by this user.</returns>
    public static SharedMapping? TryOpen(QemuProcess process, ProcessMapping mapping)
    {
        if (!mapping.IsShared || mapping.Inode == 0)
            return null;

        foreach (string path in CandidatePaths(process, mapping))
        {
            // The next name of the same file may do; without any, memory is read through the process.
            if (TryOpen(path, mapping) is { } opened)
                return opened;
        }

        return null;
    }

    /// <summary>
    /// The bytes at an address of QEMU's, or those of them that lie in one piece; the range must lie in the mapping.
    /// Thread-safe.
    /// </summary>
    public ReadOnlySpan<byte> GetBytes(ulong address, int size)
    {
        ulong offset = address - Mapping.Start;
        if (size < LongRange)
            return new ReadOnlySpan<byte>(_start + offset, size);

        long at = Mapping.FileOffset + (long)offset;
        Extent extent = FindExtent(at);
        size = (int)Math.Min(size, extent.End - at);
        return extent.IsHole
            ? s_zeros.AsSpan(0, Math.Min(size, s_zeros.Length))
            : new ReadOnlySpan<byte>(_start + offset, size);
    }

    /// <summary>
    /// A range of the guest's memory that lies in the mapping, for short reads; good until the mapping is disposed.
    /// </summary>
    public MappedRange GetRange(RamRange range) =>
        new(range.Block.Start.Value, range.Block.Size, _start + (range.HostAddress - Mapping.Start));

    public void Dispose()
    {
        if (_start is null)
            return;

        _start = null;
        _view.SafeMemoryMappedViewHandle.ReleasePointer();
        _view.Dispose();
        _file.Dispose();
        _handle.Dispose();
    }

    private static SharedMapping? TryOpen(string path, ProcessMapping mapping)
    {
        SafeFileHandle? handle = null;
        MemoryMappedFile? file = null;
        SharedMapping? opened = null;
        try
        {
            handle = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            long size = (long)(mapping.End - mapping.Start);
            if (RandomAccess.GetLength(handle) >= mapping.FileOffset + size)
            {
                file = MemoryMappedFile.CreateFromFile(
                    handle,
                    null,
                    0,
                    MemoryMappedFileAccess.Read,
                    HandleInheritability.None,
                    leaveOpen: true
                );
                opened = new SharedMapping(
                    handle,
                    file,
                    file.CreateViewAccessor(mapping.FileOffset, size, MemoryMappedFileAccess.Read),
                    mapping
                );
            }
        }
        catch (Exception exception)
            when (exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            // Not by this name.
        }
        finally
        {
            if (opened is null)
            {
                file?.Dispose();
                handle?.Dispose();
            }
        }

        return opened;
    }

    /// <summary>Names of a mapped file: a memfd has only those of QEMU's descriptors.</summary>
    private static IEnumerable<string> CandidatePaths(QemuProcess process, ProcessMapping mapping)
    {
        if (mapping.Path.StartsWith('/') && !mapping.Path.EndsWith(" (deleted)", StringComparison.Ordinal))
        {
            yield return $"/proc/{process.ProcessId}/root{mapping.Path}";
        }

        yield return $"/proc/{process.ProcessId}/map_files/{mapping.Start:x}-{mapping.End:x}";
        foreach (string descriptor in ListDescriptors(process.ProcessId))
        {
            if (new FileInfo(descriptor).LinkTarget == mapping.Path)
                yield return descriptor;
        }
    }

    private static string[] ListDescriptors(int processId)
    {
        try
        {
            return Directory.GetFiles($"/proc/{processId}/fd");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    /// <summary>
    /// Tells whether the file has data or a hole at an offset, and to which end. The system walks over all pages of an
    /// answer, so the last one is kept: the guest may give pages back or take them meanwhile, which costs room or shows
    /// zeros of a moment ago, no more.
    /// </summary>
    private Extent FindExtent(long offset)
    {
        Extent known = _extent;
        if (offset >= known.Start && offset < known.End)
            return known;

        long data = Seek(_handle, offset, SeekData);
        if (data > offset || (data < 0 && Marshal.GetLastSystemError() == NothingBehind))
            return _extent = new Extent(offset, data < 0 ? long.MaxValue : data, IsHole: true);

        long hole = data < 0 ? -1 : Seek(_handle, offset, SeekHole);
        return _extent = new Extent(offset, hole > offset ? hole : long.MaxValue, IsHole: false);
    }

    [LibraryImport("libc", EntryPoint = "lseek")]
    private static partial long Seek(SafeFileHandle file, long offset, int whence);

    /// <summary>A range of the file that has bytes throughout, or none.</summary>
    private sealed record Extent(long Start, long End, bool IsHole);
}
