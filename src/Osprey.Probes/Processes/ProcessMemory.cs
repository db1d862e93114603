using Microsoft.Win32.SafeHandles;

namespace Osprey.Probes.Processes;

/// <summary>A process's memory through <c>/proc/PID/mem</c>. For one thread at a time.</summary>
public sealed class ProcessMemory : IDisposable
{
    private readonly SafeFileHandle _file;

    private ProcessMemory(SafeFileHandle file) => _file = file;

    /// <summary>Opens the memory of a process.</summary>
    /// <param name="processId">The process, or one of its threads.</param>
    /// <param name="isWritable">Whether to write as well.</param>
    /// <exception cref="ProbeException">There is no such process, or it is another user's.</exception>
    public static ProcessMemory Open(int processId, bool isWritable = false)
    {
        try
        {
            return new ProcessMemory(
                File.OpenHandle(
                    $"/proc/{processId}/mem",
                    FileMode.Open,
                    isWritable ? FileAccess.ReadWrite : FileAccess.Read,
                    FileShare.ReadWrite
                )
            );
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ProbeException(
                Directory.Exists($"/proc/{processId}")
                    ? $"the memory of process {processId} can't be {(isWritable ? "written" : "read")}: not permitted"
                    : $"there is no process {processId}",
                exception
            );
        }
    }

    /// <summary>Copies what can be read at an address.</summary>
    /// <returns>The bytes copied, from the buffer's start; fewer where nothing is mapped.</returns>
    public int Read(ulong address, Span<byte> buffer)
    {
        if (address > long.MaxValue - (ulong)buffer.Length)
            return 0;

        try
        {
            int total = RandomAccess.Read(_file, buffer, (long)address);
            while (total > 0 && total < buffer.Length)
            {
                int count = RandomAccess.Read(_file, buffer[total..], (long)address + total);
                if (count <= 0)
                    return total;

                total += count;
            }

            return total;
        }
        catch (IOException)
        {
            return 0;
        }
    }

    /// <summary>Writes bytes, also to code; false when there is no memory there.</summary>
    public bool TryWrite(ulong address, ReadOnlySpan<byte> bytes)
    {
        if (address > long.MaxValue - (ulong)bytes.Length)
            return false;

        try
        {
            RandomAccess.Write(_file, bytes, (long)address);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();
}
