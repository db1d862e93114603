using System.Buffers.Binary;
using System.Text;

namespace Osprey.Tests.Builders.Traces;

/// <summary>Builds OSVT dumps, with the garbage that guests leave in unused bytes.</summary>
internal sealed class OsvtBuilder
{
    private readonly OsvtWriter _writer = new();

    /// <summary>
    /// The value of unused bits of flags, and of bytes in the padding of payloads and behind the end of texts.
    /// </summary>
    public byte Garbage { get; init; } = 0xcd;

    /// <summary>Number of return addresses in a record with a backtrace.</summary>
    public uint BacktraceLength { get; init; } = 10;

    public OsvtBuilder()
    {
        _writer.Bytes("TVSO"u8);
        _writer.UInt32(0);
        _writer.UInt64(0);
        _writer.UInt32(1);
        _writer.UInt32(1);
    }

    /// <summary>Adds the dictionary.</summary>
    /// <param name="declaredCount">The number of tracepoints to declare; null for the true one.</param>
    /// <param name="tracepoints">The tracepoints.</param>
    public OsvtBuilder Dictionary(uint? declaredCount, params BuiltTracepoint[] tracepoints) =>
        Chunk(
            "DCRT"u8,
            writer =>
            {
                writer.UInt32(BacktraceLength);
                writer.UInt32(declaredCount ?? (uint)tracepoints.Length);
                foreach (BuiltTracepoint tracepoint in tracepoints)
                {
                    writer.UInt64(tracepoint.Key);
                    writer.Text(tracepoint.Name);
                    writer.Text(tracepoint.Name);
                    writer.Text("OSv");
                    writer.Text(tracepoint.Format);
                    writer.UInt32((uint)tracepoint.Signature.Length);
                    for (int i = 0; i < tracepoint.Signature.Length; i++)
                    {
                        writer.Text(i.ToString());
                        writer.Byte((byte)tracepoint.Signature[i]);
                    }
                }
            }
        );

    /// <summary>Adds the modules.</summary>
    /// <param name="hasSize">True when modules have their size, as they do since September 2014.</param>
    /// <param name="modules">Path, base, size, and sections by name and address.</param>
    public OsvtBuilder Modules(
        bool hasSize,
        params (string Path, ulong Base, ulong Size, (string Name, ulong Address)[] Sections)[] modules
    ) =>
        Chunk(
            "SDOM"u8,
            writer =>
            {
                writer.UInt32((uint)modules.Length);
                foreach ((string path, ulong start, ulong size, (string, ulong)[] sections) in modules)
                {
                    writer.Text(path);
                    writer.UInt64(start);
                    if (hasSize)
                        writer.UInt64(size);

                    writer.UInt32((uint)sections.Length);
                    foreach ((string name, ulong address) in sections)
                    {
                        writer.Text(name);
                        writer.UInt32(1);
                        writer.UInt32(0);
                        writer.UInt64(6);
                        writer.UInt64(address);
                        writer.UInt64(0x40);
                        writer.UInt64(0x100);
                    }
                }
            }
        );

    /// <summary>Adds a table of symbols.</summary>
    public OsvtBuilder Symbols(
        params (string Name, ulong Address, ulong Size, string File, (uint Offset, int Line)[] Lines)[] symbols
    ) =>
        Chunk(
            "BMYS"u8,
            writer =>
            {
                writer.UInt32((uint)symbols.Length);
                foreach ((string name, ulong address, ulong size, string file, (uint, int)[] lines) in symbols)
                {
                    writer.Text(name);
                    writer.UInt64(address);
                    writer.UInt64(size);
                    writer.Text(file);
                    writer.UInt32((uint)lines.Length);
                    foreach ((uint offset, int line) in lines)
                    {
                        writer.UInt32(offset);
                        writer.UInt32(unchecked((uint)line));
                    }
                }
            }
        );

    /// <summary>Adds one CPU's samples.</summary>
    public OsvtBuilder Samples(params IEnumerable<BuiltSample> samples) =>
        Chunk(
            "SCRT"u8,
            writer =>
            {
                foreach (BuiltSample sample in samples)
                    WriteSample(writer, sample);
            }
        );

    /// <summary>Adds a chunk with any content.</summary>
    /// <param name="tag">The tag as the file has it, last character first.</param>
    /// <param name="write">Writes the payload.</param>
    /// <param name="declaredSize">The size to declare; null for the true one.</param>
    public OsvtBuilder Chunk(ReadOnlySpan<byte> tag, Action<OsvtWriter> write, ulong? declaredSize = null)
    {
        _writer.Align(8);
        _writer.Bytes(tag);
        _writer.UInt32(0);
        int size = _writer.Length;
        _writer.UInt64(0);
        write(_writer);
        _writer.PatchUInt64(size, declaredSize ?? (ulong)(_writer.Length - size - 8));
        return this;
    }

    /// <summary>Returns the dump.</summary>
    public byte[] Build()
    {
        _writer.PatchUInt64(8, (ulong)(_writer.Length - 16));
        return _writer.ToArray();
    }

    private void WriteSample(OsvtWriter writer, BuiltSample sample)
    {
        writer.UInt64(sample.Tracepoint.Key);
        writer.UInt64(sample.Thread);
        byte[] name = new byte[16];
        Encoding.UTF8.GetBytes(sample.ThreadName).CopyTo(name.AsSpan());
        writer.Bytes(name);
        writer.UInt64(sample.Time);
        writer.UInt32(sample.Cpu);
        byte[] flags =
        [
            sample.Backtrace.Length > 0 ? (byte)(Garbage | 1) : (byte)(Garbage & 0xfe),
            Garbage,
            Garbage,
            Garbage,
        ];
        writer.UInt32(BinaryPrimitives.ReadUInt32LittleEndian(flags));
        if (sample.Backtrace.Length > 0)
        {
            for (int i = 0; i < BacktraceLength; i++)
                writer.UInt64(i < sample.Backtrace.Length ? sample.Backtrace[i] : 0);
        }

        writer.Bytes(sample.Payload(Garbage));
    }
}
