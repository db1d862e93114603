using System.IO.MemoryMappedFiles;
using Osprey.Target.Backends.Qemu.Processes;

namespace Osprey.Target.Backends.Qemu.Live;

/// <summary>A file that QEMU shares as the guest's memory, mapped into this process for reading.</summary>
internal sealed unsafe class SharedMapping : IDisposable
{
    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;
    private byte* _start;

    private SharedMapping(MemoryMappedFile file, MemoryMappedViewAccessor view, ProcessMapping mapping)
    {
        _file = file;
        _view = view;
        Mapping = mapping;
        view.SafeMemoryMappedViewHandle.AcquirePointer(ref _start);
        _start += view.PointerOffset;
    }

    /// <summary>Where QEMU has it.</summary>
    public ProcessMapping Mapping { get; }

    /// <summary>Maps what QEMU has mapped there.</summary>
    /// <returns>Null when it is not shared, or the file can't be opened by this user.</returns>
    public static SharedMapping? TryOpen(QemuProcess process, ProcessMapping mapping)
    {
        if (!mapping.IsShared || mapping.Inode == 0)
            return null;

        foreach (string path in CandidatePaths(process, mapping))
        {
            try
            {
                using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
                long size = (long)(mapping.End - mapping.Start);
                if (stream.Length < mapping.FileOffset + size)
                    continue;

                MemoryMappedFile file = MemoryMappedFile.CreateFromFile(stream, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: false);
                return new SharedMapping(file, file.CreateViewAccessor(mapping.FileOffset, size, MemoryMappedFileAccess.Read), mapping);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
            {
                // The next name of the same file may do; without any, memory is read through the process.
            }
        }

        return null;
    }

    /// <summary>The bytes at an address of QEMU's; the range must lie in the mapping.</summary>
    public ReadOnlySpan<byte> GetBytes(ulong address, int size) => new(_start + (address - Mapping.Start), size);

    public void Dispose()
    {
        if (_start is null)
            return;

        _start = null;
        _view.SafeMemoryMappedViewHandle.ReleasePointer();
        _view.Dispose();
        _file.Dispose();
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
}
