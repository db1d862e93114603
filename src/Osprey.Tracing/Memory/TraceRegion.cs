using System.Runtime.InteropServices;
using System.Text;

namespace Osprey.Tracing.Memory;

/// <summary>
/// The memory that holds the header, the descriptors of rings and tracepoints, and their texts. It is made when the
/// first tracepoint is defined, stays where it is, and is never given back.
/// </summary>
/// <remarks>
/// On Linux it is a memory file with a name, so that a reader finds it in <c>/proc/PID/maps</c>, and so that it is in
/// the process's core file; elsewhere it is plain memory, which is read from within the process only.
/// </remarks>
internal static unsafe class TraceRegion
{
    /// <summary>The name of the mapping, behind <c>/memfd:</c>.</summary>
    public const string Name = "osprey-tracing";

    /// <summary>The region's size; only what is used takes memory.</summary>
    private const int Size = 4 << 20;

    private static readonly Lock s_lock = new();
    private static readonly RegionHeader* s_header = Create();
    private static int s_used = sizeof(RegionHeader);

    /// <summary>The region's first bytes.</summary>
    public static RegionHeader* Header => s_header;

    /// <summary>Gives out zeroed memory of the region, aligned to a cache line.</summary>
    /// <returns>Null when the region is used up.</returns>
    public static byte* Allocate(int size)
    {
        lock (s_lock)
        {
            int start = (s_used + 63) & ~63;
            if (size > Size - start)
                return null;

            s_used = start + size;
            return (byte*)s_header + start;
        }
    }

    /// <summary>Copies a text into the region as a C string.</summary>
    /// <returns>Null when the region is used up.</returns>
    public static byte* AllocateText(string text)
    {
        int size = Encoding.UTF8.GetByteCount(text);
        byte* copy = Allocate(size + 1);
        if (copy != null)
            Encoding.UTF8.GetBytes(text, new Span<byte>(copy, size));
        return copy;
    }

    private static RegionHeader* Create()
    {
        byte* memory = OperatingSystem.IsLinux() ? MapNamed() : null;
        if (memory == null)
        {
            memory = (byte*)NativeMemory.AlignedAlloc(Size, 4096);
            NativeMemory.Clear(memory, Size);
        }

        var header = (RegionHeader*)memory;
        header->Version = RegionHeader.CurrentVersion;
        header->ProcessId = Environment.ProcessId;
        header->Self = (ulong)header;
        header->Size = Size;
        header->PageSize = RecordLayout.PageSize;
        header->BacktraceLength = RecordLayout.BacktraceLength;
        header->RingDescriptorSize = sizeof(RingDescriptor);
        Volatile.Write(ref header->Magic, RegionHeader.ExpectedMagic);
        return header;
    }

    private static byte* MapNamed()
    {
        int file = Libc.CreateMemoryFile(Name, 1); // MFD_CLOEXEC
        if (file < 0)
            return null;

        nint memory = -1;
        if (Libc.SetFileSize(file, Size) == 0)
            memory = Libc.Map(0, Size, Libc.ProtectionRead | Libc.ProtectionWrite, Libc.MapShared, file, 0);
        _ = Libc.Close(file);
        return memory == -1 ? null : (byte*)memory;
    }
}
