using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Osprey.Guests.Tracepoints;
using Osprey.Target;
using Osprey.Target.Memory;

namespace Osprey.Guests.DotNet;

/// <summary>
/// Reads the memory that Osprey.Tracing makes for readers outside: a header, descriptors of rings and of tracepoints.
/// Its layout is in docs/dotnet.md. All numbers in it are claims of the program: they are bounded before they are used.
/// </summary>
internal sealed class TraceRegionReader(IMemoryReader memory, ulong region)
{
    /// <summary>The size of what <see cref="IsStart"/> looks at.</summary>
    public const int StartSize = 24;

    private const ulong Magic = 0x5254_5945_5250_534F; // "OSPREYTR"
    private const uint Version = 1;
    private const int HeaderSize = 128;
    private const int LeastDescriptor = 64;
    private const int TracepointSize = 64;
    private const int MostRings = 2048;
    private const int MostTracepoints = 1 << 16;
    private const int LongestText = 4096;
    private const ulong LargestRegion = 1 << 30;
    private const string LogicalCaller = "[async] ";

    private readonly List<string> _defects = [];

    /// <summary>Tells whether memory at an address begins as the region does, which names its own address.</summary>
    public static bool IsStart(ReadOnlySpan<byte> start, ulong address) =>
        BinaryPrimitives.ReadUInt64LittleEndian(start) == Magic
        && BinaryPrimitives.ReadUInt64LittleEndian(start[16..]) == address;

    /// <summary>Finds the rings and the tracepoints.</summary>
    /// <exception cref="TargetException">The header is of another version, or can't be read.</exception>
    public GuestTraceRings ReadRings(CancellationToken cancellation)
    {
        byte[] header = ReadHeader();
        int pageSize = BinaryPrimitives.ReadInt32LittleEndian(header.AsSpan(32));
        int backtrace = BinaryPrimitives.ReadInt32LittleEndian(header.AsSpan(36));
        if (pageSize is < 64 or > 1 << 16 || !int.IsPow2(pageSize) || backtrace is < 0 or > 64)
            throw NotUnderstood($"pages of {pageSize} bytes, {backtrace} return addresses");

        List<GuestTraceRing> rings = ReadDescriptors(header);
        GuestList<GuestTracepoint> tracepoints = ReadTracepoints(header, cancellation);
        long dropped = BinaryPrimitives.ReadInt64LittleEndian(header.AsSpan(72));
        var list = new GuestList<GuestTraceRing>(rings, _defects.ToList());
        return new GuestTraceRings(list, tracepoints, pageSize, backtrace) { Dropped = dropped };
    }

    /// <summary>Lists the tracepoints in the order of their definition.</summary>
    /// <exception cref="TargetException">The header is of another version, or can't be read.</exception>
    public GuestList<GuestTracepoint> ReadTracepoints(CancellationToken cancellation) =>
        ReadTracepoints(ReadHeader(), cancellation);

    /// <summary>
    /// Reads the name of a method that awaits the one below it in a backtrace: it has no frame, so that the address of
    /// its name stands for it.
    /// </summary>
    /// <returns>Null when the address is not that of such a name.</returns>
    public string? ReadLogicalCaller(ulong address)
    {
        Span<byte> header = stackalloc byte[HeaderSize];
        if (address < region || address - region >= LargestRegion || memory.Read(region, header) != header.Length)
            return null;

        ulong size = BinaryPrimitives.ReadUInt64LittleEndian(header[24..]);
        if (!IsStart(header, region) || address - region >= size)
            return null;

        string name = ReadText(address);
        return name.StartsWith(LogicalCaller, StringComparison.Ordinal) && !name.Any(char.IsControl) ? name : null;
    }

    private byte[] ReadHeader()
    {
        byte[] header = new byte[HeaderSize];
        if (memory.Read(region, header) != header.Length || !IsStart(header, region))
            throw NotUnderstood("the header is not there any more");

        uint version = BinaryPrimitives.ReadUInt32LittleEndian(header.AsSpan(8));
        return version == Version ? header : throw NotUnderstood($"version {version}; expected {Version}");
    }

    private List<GuestTraceRing> ReadDescriptors(byte[] header)
    {
        ulong address = BinaryPrimitives.ReadUInt64LittleEndian(header.AsSpan(40));
        int count = BinaryPrimitives.ReadInt32LittleEndian(header.AsSpan(48));
        int size = BinaryPrimitives.ReadInt32LittleEndian(header.AsSpan(52));
        var rings = new List<GuestTraceRing>();
        if (address == 0)
            return rings; // no tracepoint was ever enabled

        if (count is < 1 or > MostRings || size is < LeastDescriptor or > 4096)
            throw NotUnderstood($"{count} rings with descriptors of {size} bytes");

        byte[] descriptor = new byte[size];
        for (int i = 0; i < count; i++)
        {
            ulong place = unchecked(address + (ulong)(i * size));
            if (memory.Read(place, descriptor) != size)
            {
                _defects.Add($"the descriptor of ring {i} can't be read");
                continue;
            }

            // Base, last and size are those of the kernel's trace_buf; the word before them changes with each record.
            rings.Add(
                new GuestTraceRing(
                    i,
                    unchecked(place + 8),
                    24,
                    8,
                    BinaryPrimitives.ReadUInt64LittleEndian(descriptor.AsSpan(8)),
                    BinaryPrimitives.ReadUInt64LittleEndian(descriptor.AsSpan(24))
                )
            );
        }

        return rings;
    }

    private GuestList<GuestTracepoint> ReadTracepoints(byte[] header, CancellationToken cancellation)
    {
        var list = new List<GuestTracepoint>();
        var defects = new List<string>();
        ulong address = BinaryPrimitives.ReadUInt64LittleEndian(header.AsSpan(56));
        byte[] descriptor = new byte[TracepointSize];
        var seen = new HashSet<ulong>();
        while (address != 0)
        {
            cancellation.ThrowIfCancellationRequested();
            if (list.Count == MostTracepoints || !seen.Add(address))
            {
                defects.Add($"the list of tracepoints does not end: {list.Count} were read");
                break;
            }

            if (memory.Read(address, descriptor) != descriptor.Length)
            {
                defects.Add(
                    string.Create(CultureInfo.InvariantCulture, $"the tracepoint at 0x{address:x} can't be read")
                );
                break;
            }

            list.Add(
                new GuestTracepoint(
                    ReadText(descriptor, 16),
                    address,
                    ReadText(descriptor, 24),
                    ReadText(descriptor, 32),
                    descriptor[57] != 0,
                    descriptor[56] != 0,
                    descriptor[58] != 0
                )
            );
            address = BinaryPrimitives.ReadUInt64LittleEndian(descriptor.AsSpan(40));
        }

        return new GuestList<GuestTracepoint>(list, defects);
    }

    private string ReadText(byte[] descriptor, int offset) =>
        ReadText(BinaryPrimitives.ReadUInt64LittleEndian(descriptor.AsSpan(offset)));

    private string ReadText(ulong address)
    {
        byte[] bytes = new byte[LongestText];
        int size = memory.Read(address, bytes);
        int end = bytes.AsSpan(0, size).IndexOf((byte)0);
        return Encoding.UTF8.GetString(bytes, 0, end < 0 ? size : end);
    }

    private static TargetException NotUnderstood(string why) =>
        new(TargetProblem.NotUnderstood, $"the program's trace memory is not understood: {why}");
}
