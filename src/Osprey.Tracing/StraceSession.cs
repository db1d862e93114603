using System.Buffers.Binary;
using System.Globalization;
using Osprey.Tracing.Live;
using Osprey.Tracing.Memory;
using Osprey.Tracing.Rings;

namespace Osprey.Tracing;

/// <summary>The printing of records, until it is disposed of.</summary>
public sealed class StraceSession : IDisposable
{
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(1);
    private static int s_running;

    private readonly Action<string> _line;
    private readonly IDisposable? _output;
    private readonly Thread _thread;
    private readonly ManualResetEventSlim _end = new();
    private readonly byte[] _buffer = new byte[RecordLayout.PageSize];
    private readonly Dictionary<ulong, TracepointInfo> _tracepoints = [];
    private long _next;
    private long _printed;
    private long _lost;
    private bool _isDisposed;
    private Exception? _failure;

    internal StraceSession(Action<string> line, IDisposable? output)
    {
        if (Interlocked.Exchange(ref s_running, 1) != 0)
            throw new InvalidOperationException("Records are printed already.");

        _line = line;
        _output = output;
        _next = RecordLog.Written;
        RecordLog.IsOn = true;
        _thread = new Thread(Run) { IsBackground = true, Name = "strace" };
        _thread.Start();
    }

    /// <summary>The number of records that were printed.</summary>
    public long Printed => Volatile.Read(ref _printed);

    /// <summary>
    /// The number of records that were overwritten before they could be printed; a line says so each time.
    /// </summary>
    public long Lost => Volatile.Read(ref _lost);

    /// <summary>
    /// Why lines are no longer printed: what the output threw, such as that its disk is full. All records from then on
    /// count as lost. Null while they are printed.
    /// </summary>
    public Exception? Failure => Volatile.Read(ref _failure);

    /// <summary>
    /// Prints what is left, and ends. Called by what receives the lines, it ends once that has returned.
    /// </summary>
    public void Dispose()
    {
        if (_isDisposed)
            return;

        _isDisposed = true;
        RecordLog.IsOn = false;
        _end.Set();
        if (Thread.CurrentThread == _thread)
            return; // the thread can't wait for itself

        _thread.Join();
        _output?.Dispose();
        _end.Dispose();
    }

    private void Run()
    {
        ulong self = (ulong)(OperatingSystem.IsLinux() ? Libc.GetThreadId() : Environment.CurrentManagedThreadId);
        long told = 0;
        while (true)
        {
            bool ends = _end.IsSet; // before the log is looked at, so that nothing is left behind
            Drain(self);
            if (_lost > told)
            {
                TryPrint(string.Create(CultureInfo.InvariantCulture, $"strace: {_lost - told} records lost"));
                told = _lost;
            }

            if (ends)
                break;
            _end.Wait(s_pause);
        }

        Volatile.Write(ref s_running, 0);
    }

    private void Drain(ulong self)
    {
        long end = RecordLog.Written;
        long start = Environment.TickCount64;
        while (_next < end)
        {
            RecordLogResult result = RecordLog.Read(_next, _buffer, out int size);
            if (result == RecordLogResult.NotYet)
            {
                // The producer was switched out between two instructions.
                if (_end.IsSet && Environment.TickCount64 - start > s_patience.TotalMilliseconds)
                    return;
                Thread.Yield();
                continue;
            }

            _next++;
            if (result == RecordLogResult.Lost || !Print(_buffer.AsSpan(0, size), self))
                Volatile.Write(ref _lost, _lost + 1);
        }
    }

    /// <summary>Prints a record, unless it is this thread's own: that would never end.</summary>
    /// <returns>False when it is no longer whole, or can't be printed.</returns>
    private bool Print(ReadOnlySpan<byte> record, ulong self)
    {
        ulong key = BinaryPrimitives.ReadUInt64LittleEndian(record);
        if (!TryFind(key, out TracepointInfo? tracepoint) || RecordSize.Of(record, tracepoint.Signature) == 0)
            return false;
        if (BinaryPrimitives.ReadUInt64LittleEndian(record[RecordLayout.ThreadOffset..]) == self)
            return true;

        if (!TryPrint(RecordText.Format(record, tracepoint)))
            return false;

        Volatile.Write(ref _printed, _printed + 1);
        return true;
    }

    /// <summary>
    /// Prints a line, unless the output has failed: neither a full disk nor a mistake in what receives the lines ends
    /// the program.
    /// </summary>
    private bool TryPrint(string line)
    {
        if (_failure is not null)
            return false;

        try
        {
            _line(line);
            return true;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            Volatile.Write(ref _failure, e);
            return false;
        }
    }

    private unsafe bool TryFind(
        ulong key,
        [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out TracepointInfo? tracepoint
    )
    {
        if (_tracepoints.TryGetValue(key, out tracepoint))
            return true;

        foreach (TracepointInfo info in Tracing.Tracepoints)
            _tracepoints.TryAdd((ulong)info.Descriptor, info);
        return _tracepoints.TryGetValue(key, out tracepoint);
    }
}
