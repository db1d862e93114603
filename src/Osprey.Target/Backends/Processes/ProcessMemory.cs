using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Osprey.Target.Backends.Processes;

/// <summary>
/// Another process's memory, read while it runs: by process_vm_readv(2), or through /proc/PID/mem where that call is
/// barred.
/// </summary>
internal sealed partial class ProcessMemory : IDisposable
{
    private const int NotPermitted = 1; // EPERM
    private const int NoSuchProcess = 3; // ESRCH
    private const int NotImplemented = 38; // ENOSYS

    private readonly IReadableProcess _process;
    private readonly bool _isCallBarred;
    private SafeFileHandle? _file;
    private SafeFileHandle? _writer;

    /// <param name="process">The process.</param>
    /// <param name="isCallBarred">Whether the call is known to be barred, so that it is not tried.</param>
    public ProcessMemory(IReadableProcess process, bool isCallBarred = false)
    {
        _process = process;
        _isCallBarred = isCallBarred;
    }

    /// <summary>The means by which it is read, in the system's words.</summary>
    public string Method => _file is null ? "process_vm_readv" : $"/proc/{_process.ProcessId}/mem";

    /// <summary>Copies what can be read at an address of the process.</summary>
    /// <returns>The bytes copied; fewer than asked for where the process has nothing mapped.</returns>
    /// <exception cref="TargetException">The process ended, or is not for this user to read.</exception>
    public unsafe int Read(ulong address, Span<byte> buffer)
    {
        if (_isCallBarred && _file is null)
            OpenFile();

        if (_file is not null)
            return ReadFile(address, buffer);

        fixed (byte* start = buffer)
        {
            var local = new IoVector { Start = (nuint)start, Size = (nuint)buffer.Length };
            var remote = new IoVector { Start = (nuint)address, Size = (nuint)buffer.Length };
            nint count = ReadVectors(_process.ProcessId, &local, 1, &remote, 1, 0);
            if (count >= 0)
                return (int)count;
        }

        int error = Marshal.GetLastSystemError();
        switch (error)
        {
            case NoSuchProcess:
                throw Ended();
            case NotPermitted or NotImplemented:
                OpenFile();
                return ReadFile(address, buffer);
            default:
                return 0;
        }
    }

    /// <summary>Writes at an address of the process, through /proc/PID/mem.</summary>
    /// <exception cref="TargetException">The process ended, or is not for this user to write.</exception>
    public void Write(ulong address, ReadOnlySpan<byte> bytes)
    {
        try
        {
            _writer ??= File.OpenHandle($"/proc/{_process.ProcessId}/mem", FileMode.Open, FileAccess.Write);
            RandomAccess.Write(_writer, bytes, (long)address);
        }
        catch (Exception exception) when (exception is UnauthorizedAccessException or IOException)
        {
            throw _process.IsAlive()
                ? new TargetException(
                    exception is UnauthorizedAccessException
                        ? TargetProblem.MemoryNotPermitted
                        : TargetProblem.MemoryNotWritten,
                    $"the memory of {_process.Description} can't be written: {exception.Message}",
                    exception
                )
                : Ended();
        }
    }

    public void Dispose()
    {
        _file?.Dispose();
        _writer?.Dispose();
    }

    private void OpenFile()
    {
        try
        {
            _file = File.OpenHandle($"/proc/{_process.ProcessId}/mem");
        }
        catch (Exception exception) when (exception is UnauthorizedAccessException or IOException)
        {
            throw _process.IsAlive() ? NotPermittedBy(exception) : Ended();
        }
    }

    private int ReadFile(ulong address, Span<byte> buffer)
    {
        try
        {
            return address > long.MaxValue ? 0 : RandomAccess.Read(_file!, buffer, (long)address);
        }
        catch (IOException)
        {
            return _process.IsAlive() ? 0 : throw Ended();
        }
    }

    private TargetException Ended() => new(TargetProblem.GuestEnded, _process.EndedMessage);

    private TargetException NotPermittedBy(Exception exception) =>
        new(_process.NotPermitted, $"the memory of {_process.Description} can't be read: not permitted", exception);

    // Errors are read at once, with nothing between: SetLastError would cost more than the call's own bookkeeping.
    [LibraryImport("libc", EntryPoint = "process_vm_readv")]
    private static unsafe partial nint ReadVectors(
        int processId,
        IoVector* local,
        nuint localCount,
        IoVector* remote,
        nuint remoteCount,
        nuint flags
    );

    private struct IoVector
    {
        public nuint Start;
        public nuint Size;
    }
}
