using Osprey.Tracing.Control;
using Osprey.Tracing.Memory;
using Osprey.Tracing.Rings;

namespace Osprey.Tracing;

/// <summary>A tracepoint as it is now: its name, and its switches.</summary>
public sealed unsafe class TracepointInfo
{
    private readonly Lock _lock = new();

    internal TracepointInfo(TracepointDescriptor* descriptor, string name, string format, string signature)
    {
        Descriptor = descriptor;
        Name = name;
        Format = format;
        Signature = signature;
    }

    /// <summary>The name; nothing keeps two tracepoints from having the same one.</summary>
    public string Name { get; }

    /// <summary>The printf-like format of its records.</summary>
    public string Format { get; }

    /// <summary>The types of its arguments, a character each, as OSv writes them.</summary>
    public string Signature { get; }

    /// <summary>Whether records are written.</summary>
    public bool IsEnabled => Volatile.Read(ref Descriptor->Logging) != 0;

    /// <summary>Whether records carry a backtrace.</summary>
    public bool HasBacktrace => Volatile.Read(ref Descriptor->Backtrace) != 0;

    /// <summary>The hits since counting began; null while they are not counted.</summary>
    public ulong? Count => Volatile.Read(ref Descriptor->Counting) != 0 ? HitCounters.Sum(Descriptor) : null;

    internal TracepointDescriptor* Descriptor { get; }

    /// <summary>Sets both switches.</summary>
    /// <param name="enabled">Whether records are to be written.</param>
    /// <param name="backtrace">Whether they are to carry a backtrace.</param>
    public void Switch(bool enabled, bool backtrace)
    {
        if (enabled)
            TraceRings.Allocate(StartSettings.RingSize);
        lock (_lock)
        {
            Volatile.Write(ref Descriptor->Backtrace, backtrace ? (byte)1 : (byte)0);
            Volatile.Write(ref Descriptor->Logging, enabled ? (byte)1 : (byte)0);
            Activate();
        }
    }

    /// <summary>Begins to count hits, from 0 even where they are counted already.</summary>
    public void StartCounting()
    {
        lock (_lock)
        {
            HitCounters.Start(Descriptor);
            Activate();
        }
    }

    /// <summary>Counts hits no more.</summary>
    public void StopCounting()
    {
        lock (_lock)
        {
            HitCounters.Stop(Descriptor);
            Activate();
        }
    }

    private void Activate() =>
        Volatile.Write(ref Descriptor->Active, (byte)(Descriptor->Logging | Descriptor->Counting));
}
