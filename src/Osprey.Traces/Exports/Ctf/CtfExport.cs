using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using System.Text.Unicode;
using Osprey.Traces.Analyses;
using Osprey.Traces.Model;

namespace Osprey.Traces.Exports.Ctf;

/// <summary>Writes samples as a CTF trace: its stream while they come by, and its metadata at the end.</summary>
/// <remarks>
/// A CTF trace is a folder with a file <c>metadata</c> and streams; here there is one stream. Its times never go back:
/// a sample that does is given the time of the one before, and such samples are counted. Samples whose arguments can't
/// be
/// understood are left out.
/// </remarks>
public sealed class CtfExport : TraceExport
{
    private const int PacketSize = 1 << 20;
    private const int HeaderSize = 40;

    private readonly AnalysisScope _scope;
    private readonly Stream _stream;
    private readonly Stream _metadata;
    private readonly bool[] _occurs;
    private readonly ArrayBufferWriter<byte> _packet = new(PacketSize);
    private ulong _begin;
    private ulong _last;
    private long _raised;

    /// <param name="scope">What counts.</param>
    /// <param name="stream">Gets the stream; stays open.</param>
    /// <param name="metadata">Gets the metadata; stays open.</param>
    public CtfExport(AnalysisScope scope, Stream stream, Stream metadata)
    {
        _scope = scope;
        _stream = stream;
        _metadata = metadata;
        _occurs = new bool[scope.Tracepoints.Count];
    }

    /// <inheritdoc/>
    public override IEnumerable<string> Notes =>
        _raised == 0
            ? []
            : [$"{_raised} samples are of a time before that of the sample in front of them, and were given its time"];

    /// <inheritdoc/>
    public override void Add(in TraceEvent sample)
    {
        if (!_scope.Includes(sample) || _scope.Tracepoints[sample.Tracepoint].Layout is not PayloadLayout layout)
            return;

        _occurs[sample.Tracepoint] = true;
        ulong time = sample.Time;
        if (time < _last)
        {
            time = _last;
            _raised++;
        }

        if (_packet.WrittenCount == 0)
            _begin = time;

        _last = time;
        Write(unchecked((uint)sample.Tracepoint));
        Write(time);
        Write(sample.Cpu);
        Write(sample.Thread);
        WriteText(sample.ThreadName);
        ReadOnlySpan<ulong> stack = sample.Backtrace[..Math.Min(sample.Backtrace.Length, ushort.MaxValue)];
        Write((ushort)stack.Length);
        foreach (ulong address in stack)
            Write(address);

        var arguments = new PayloadArguments(layout, sample.Payload);
        for (int i = 0; i < arguments.Count; i++)
            Write(arguments, layout.Fields[i], i);

        Count++;
        if (_packet.WrittenCount >= PacketSize)
            EndPacket();
    }

    /// <inheritdoc/>
    public override void Finish()
    {
        EndPacket();
        _stream.Flush();
        string text = CtfMetadata.Compose(_scope.Tracepoints.All.Where(tracepoint => _occurs[tracepoint.Index]));
        _metadata.Write(Encoding.UTF8.GetBytes(text));
        _metadata.Flush();
    }

    private void EndPacket()
    {
        if (_packet.WrittenCount == 0)
            return;

        const ulong BitsPerByte = 8;
        Span<byte> header = stackalloc byte[HeaderSize];
        ulong size = (HeaderSize + (ulong)_packet.WrittenCount) * BitsPerByte;
        BinaryPrimitives.WriteUInt32LittleEndian(header, CtfMetadata.Magic);
        BinaryPrimitives.WriteUInt32LittleEndian(header[4..], 0); // stream_id
        BinaryPrimitives.WriteUInt64LittleEndian(header[8..], size); // content_size
        BinaryPrimitives.WriteUInt64LittleEndian(header[16..], size); // packet_size
        BinaryPrimitives.WriteUInt64LittleEndian(header[24..], _begin);
        BinaryPrimitives.WriteUInt64LittleEndian(header[32..], _last);
        _stream.Write(header);
        _stream.Write(_packet.WrittenSpan);
        _packet.ResetWrittenCount();
    }

    private void Write(in PayloadArguments arguments, PayloadField field, int index)
    {
        switch (field.Type)
        {
            case ArgumentType.Text:
                WriteText(arguments.GetBytes(index));
                break;
            case ArgumentType.Char:
                WriteText([(byte)arguments.GetInteger(index)]);
                break;
            case ArgumentType.Blob:
                ReadOnlySpan<byte> bytes = arguments.GetBytes(index);
                Write((ushort)bytes.Length);
                _packet.Write(bytes);
                break;
            case ArgumentType.Single:
                BinaryPrimitives.WriteSingleLittleEndian(_packet.GetSpan(4), (float)arguments.GetDouble(index));
                _packet.Advance(4);
                break;
            case ArgumentType.Double:
                BinaryPrimitives.WriteDoubleLittleEndian(_packet.GetSpan(8), arguments.GetDouble(index));
                _packet.Advance(8);
                break;
            default:
                BinaryPrimitives.WriteInt64LittleEndian(_packet.GetSpan(8), arguments.GetInteger(index));
                _packet.Advance(field.Size);
                break;
        }
    }

    /// <summary>
    /// Writes a text and the zero behind it; it ends at its first zero, and is made UTF-8 where it is not.
    /// </summary>
    private void WriteText(ReadOnlySpan<byte> text)
    {
        int end = text.IndexOf((byte)0);
        if (end >= 0)
            text = text[..end];

        _packet.Write(Utf8.IsValid(text) ? text : Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(text)));
        _packet.GetSpan(1)[0] = 0;
        _packet.Advance(1);
    }

    private void Write(ushort value)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(_packet.GetSpan(sizeof(ushort)), value);
        _packet.Advance(sizeof(ushort));
    }

    private void Write(uint value)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(_packet.GetSpan(sizeof(uint)), value);
        _packet.Advance(sizeof(uint));
    }

    private void Write(ulong value)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(_packet.GetSpan(sizeof(ulong)), value);
        _packet.Advance(sizeof(ulong));
    }
}
