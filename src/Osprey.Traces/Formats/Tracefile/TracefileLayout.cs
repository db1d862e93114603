using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Osprey.Traces.Model;

namespace Osprey.Traces.Formats.Tracefile;

/// <summary>The layout of samples in a tracefile; docs/trace-formats.md describes the whole file.</summary>
/// <remarks>
/// Samples are packed without any padding: the tracepoint's key (8 bytes), the thread (8), its name filled up with
/// zeros (16, from version 2 on), the time (8), the CPU (4), return addresses up to a zero (8 each), the arguments. A
/// reader of version 2 and 3 uses samples where the file's bytes were read to: <see cref="SampleLayout"/> has the same
/// places. The writer copies whole samples for the same reason. When either layout changes, <see cref="IsModels"/> is
/// false: the writer then goes field by field, and the reader must move samples apart, as it does for version 1.
/// </remarks>
internal static class TracefileLayout
{
    /// <summary>The version that is written.</summary>
    public const int Version = 3;

    /// <summary>Size of the fields before the backtrace.</summary>
    public const int HeaderSize = 44;

    /// <summary>Size of the fields before the backtrace in version 1, which has no names of threads.</summary>
    public const int HeaderSizeOfVersion1 = HeaderSize - ThreadNameSize;

    /// <summary>Offset of the thread.</summary>
    public const int Thread = 8;

    /// <summary>Offset of the thread's name.</summary>
    public const int ThreadName = 16;

    /// <summary>Size of the thread's name.</summary>
    public const int ThreadNameSize = 16;

    /// <summary>Offset of the time.</summary>
    public const int Time = 32;

    /// <summary>Offset of the CPU.</summary>
    public const int Cpu = 40;

    /// <summary>Tells whether samples have the same bytes in a tracefile and in memory.</summary>
    public static bool IsModels =>
        Thread == SampleLayout.Thread
        && ThreadName == SampleLayout.ThreadName
        && ThreadNameSize == SampleLayout.ThreadNameSize
        && Time == SampleLayout.Time
        && Cpu == SampleLayout.Cpu
        && HeaderSize == SampleLayout.Backtrace;

    /// <summary>Computes the bytes that a sample takes in a tracefile.</summary>
    public static int SizeOf(in TraceEvent sample) =>
        IsModels
            ? sample.Bytes.Length
            : HeaderSize + ((sample.Backtrace.Length + 1) * sizeof(ulong)) + sample.Payload.Length;

    /// <summary>Writes a sample.</summary>
    /// <param name="target">As long as <see cref="SizeOf"/> says.</param>
    /// <param name="sample">The sample, wherever it comes from.</param>
    public static void Write(Span<byte> target, in TraceEvent sample)
    {
        if (IsModels)
            sample.Bytes.CopyTo(target);
        else
            WriteFields(target, sample);
    }

    /// <summary>Writes a sample field by field, whatever its layout in memory is.</summary>
    internal static void WriteFields(Span<byte> target, in TraceEvent sample)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(target, sample.Key);
        BinaryPrimitives.WriteUInt64LittleEndian(target[Thread..], sample.Thread);
        sample.ThreadNameField.CopyTo(target.Slice(ThreadName, ThreadNameSize));
        BinaryPrimitives.WriteUInt64LittleEndian(target[Time..], sample.Time);
        BinaryPrimitives.WriteUInt32LittleEndian(target[Cpu..], sample.Cpu);
        ReadOnlySpan<byte> backtrace = MemoryMarshal.AsBytes(sample.Backtrace);
        backtrace.CopyTo(target[HeaderSize..]);
        BinaryPrimitives.WriteUInt64LittleEndian(target[(HeaderSize + backtrace.Length)..], 0);
        sample.Payload.CopyTo(target[(HeaderSize + backtrace.Length + sizeof(ulong))..]);
    }
}
