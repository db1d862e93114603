using System.Buffers.Binary;
using System.Text;

namespace Osprey.Tests.Builders.Traces;

/// <summary>Builds tracefiles of version 1, 2 or 3.</summary>
internal sealed class TracefileBuilder(int version = 3)
{
    private readonly List<BuiltTracepoint> _tracepoints = [];
    private readonly List<BuiltSample> _samples = [];

    /// <summary>The samples so far.</summary>
    public IReadOnlyList<BuiltSample> Samples => _samples;

    /// <summary>The number of tracepoints to declare; null for the true one.</summary>
    public ulong? DeclaredCount { get; init; }

    /// <summary>Adds a tracepoint to the dictionary.</summary>
    public BuiltTracepoint Define(string name, string signature = "", string format = "", ulong? key = null)
    {
        var tracepoint = new BuiltTracepoint(
            key ?? 0x40601000 + (0x80 * (ulong)_tracepoints.Count),
            name,
            signature,
            format
        );
        _tracepoints.Add(tracepoint);
        return tracepoint;
    }

    /// <summary>Returns the tracepoint of this name; if there is none yet, it is defined without arguments.</summary>
    public BuiltTracepoint Find(string name) =>
        _tracepoints.Find(tracepoint => tracepoint.Name == name) ?? Define(name);

    /// <summary>Adds a sample.</summary>
    public TracefileBuilder Add(BuiltSample sample)
    {
        _samples.Add(sample);
        return this;
    }

    /// <summary>Adds a sample of thread 0xA000 + <paramref name="thread"/>, named after that number.</summary>
    public TracefileBuilder Add(
        string name,
        ulong time,
        uint cpu = 0,
        ulong thread = 1,
        ulong[]? backtrace = null,
        params object[] arguments
    ) =>
        Add(
            new BuiltSample(Find(name))
            {
                Time = time,
                Cpu = cpu,
                Thread = 0xa000 + thread,
                ThreadName = $"thread{thread}",
                Backtrace = backtrace ?? [],
                Arguments = arguments,
            }
        );

    /// <summary>Returns the file.</summary>
    public byte[] Build()
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        writer.Write(version);
        writer.Write(DeclaredCount ?? (ulong)_tracepoints.Count);
        foreach (BuiltTracepoint tracepoint in _tracepoints)
        {
            writer.Write(tracepoint.Key);
            Write(writer, tracepoint.Name);
            Write(writer, tracepoint.HostSignature);
            Write(writer, tracepoint.Format);
        }

        foreach (BuiltSample sample in _samples)
            writer.Write(Encode(sample));

        return stream.ToArray();
    }

    /// <summary>Returns one sample as the file has it.</summary>
    public byte[] Encode(BuiltSample sample)
    {
        byte[] header = new byte[44];
        BinaryPrimitives.WriteUInt64LittleEndian(header, sample.Tracepoint.Key);
        BinaryPrimitives.WriteUInt64LittleEndian(header.AsSpan(8), sample.Thread);
        Encoding.UTF8.GetBytes(sample.ThreadName).CopyTo(header.AsSpan(16));
        BinaryPrimitives.WriteUInt64LittleEndian(header.AsSpan(32), sample.Time);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(40), sample.Cpu);
        byte[] start = version == 1 ? [.. header[..16], .. header[32..]] : header;
        return [.. start, .. sample.Backtrace.Append(0UL).SelectMany(BitConverter.GetBytes), .. sample.Payload()];
    }

    private static void Write(BinaryWriter writer, string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        writer.Write((ushort)bytes.Length);
        writer.Write(bytes);
    }
}
