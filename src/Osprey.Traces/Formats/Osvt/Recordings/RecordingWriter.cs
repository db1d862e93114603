using System.Buffers.Binary;
using System.Globalization;
using Microsoft.Win32.SafeHandles;
using Osprey.Symbols;
using Osprey.Traces.Model;
using Osprey.Traces.Rings;

namespace Osprey.Traces.Formats.Osvt.Recordings;

/// <summary>Writes a recording: a dump of a guest's rings that grows, and is whole at any moment.</summary>
/// <remarks>
/// <para>
/// A recording is an OSVT dump, so that all that reads dumps reads it, OSv's own tools among them: the dictionary of
/// tracepoints (TRCD), the modules (MODS), symbols (SYMB), and samples (TRCS). What a dump can't say is in chunks that
/// other readers skip: facts about the guest (OSPI, the first chunk), the CPU and the losses of the samples that follow
/// (OSPR), functions, files and lines of addresses (OSPN), and how the guest's clock is to the host's (OSPC).
/// </para>
/// <para>
/// Chunks are only ever added at the end. The file's head says how long it is, and is written anew behind each group of
/// chunks: our reader goes by it in a file that begins with OSPI. So the file is valid whenever the program ends, and
/// lacks at most what was not written yet. Nothing is written twice, and nothing is moved.
/// </para>
/// </remarks>
public sealed class RecordingWriter
{
    private const int HeadSize = 24;
    private const int LengthOffset = 8;
    private const int OutsideLength = 16; // the head's bytes that its length leaves out

    private readonly SafeFileHandle _file;
    private readonly ChunkBuilder _chunk = new();
    private readonly byte[] _piece = new byte[32 + RecordedPiece.Size];

    /// <summary>Begins a recording.</summary>
    /// <param name="file">An empty file; stays open.</param>
    /// <param name="facts">Of which guest it is.</param>
    /// <param name="tracepoints">The guest's tracepoints.</param>
    /// <param name="layout">The sizes of records.</param>
    public RecordingWriter(
        SafeFileHandle file,
        RecordingFacts facts,
        IEnumerable<Tracepoint> tracepoints,
        RingLayout layout
    )
    {
        _file = file;
        Span<byte> head = stackalloc byte[HeadSize];
        head.Clear();
        "TVSO"u8.CopyTo(head);
        BinaryPrimitives.WriteUInt64LittleEndian(head[LengthOffset..], HeadSize - OutsideLength);
        BinaryPrimitives.WriteUInt32LittleEndian(head[16..], 1);
        BinaryPrimitives.WriteUInt32LittleEndian(head[20..], 1);
        RandomAccess.Write(_file, head, 0);
        Length = HeadSize;

        _chunk.Begin(OsvtChunk.Facts);
        facts.Write(_chunk);
        Add(_chunk.End().Span);
        AddTracepoints([.. tracepoints], layout);
        Commit();
    }

    /// <summary>The length of the file in bytes.</summary>
    public long Length { get; private set; }

    /// <summary>Adds the place of a CPU whose samples follow, or which has none.</summary>
    public void AddCpu(RingPlace place) => Add(new RingPiece { Cpu = place.Cpu, RingSize = place.Size });

    /// <summary>Adds samples; they count from the next <see cref="Commit"/> on.</summary>
    public void Add(RingPiece piece)
    {
        // One chunk says whose they are, and the head of the next one is written with it.
        _piece.AsSpan().Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(_piece, OsvtChunk.Piece);
        BinaryPrimitives.WriteUInt64LittleEndian(_piece.AsSpan(8), RecordedPiece.Size);
        RecordedPiece.Of(piece).Write(_piece.AsSpan(16));
        int head = 16 + RecordedPiece.Size;
        BinaryPrimitives.WriteUInt32LittleEndian(_piece.AsSpan(head), OsvtChunk.Samples);
        BinaryPrimitives.WriteUInt64LittleEndian(_piece.AsSpan(head + 8), (ulong)piece.Length);
        Add(_piece);
        Add(piece.Records);
    }

    /// <summary>Adds the functions, files and lines of addresses.</summary>
    /// <param name="names">The frames of each address, innermost first.</param>
    /// <param name="symbols">The symbols that the addresses lie in, for readers that only know these.</param>
    public void Add(
        IReadOnlyCollection<(ulong Address, SymbolFrame[] Frames)> names,
        IReadOnlyCollection<OsvtSymbol> symbols
    )
    {
        if (names.Count > 0)
        {
            _chunk.Begin(OsvtChunk.Names);
            RecordedNames.Write(_chunk, names);
            Add(_chunk.End().Span);
        }

        if (symbols.Count == 0)
            return;

        _chunk.Begin(OsvtChunk.Symbols);
        _chunk.AddUInt32((uint)symbols.Count);
        foreach (OsvtSymbol symbol in symbols)
        {
            _chunk.AddText(symbol.Name);
            _chunk.AddUInt64(symbol.Address);
            _chunk.AddUInt64(symbol.Size);
            _chunk.AddText(symbol.File);
            _chunk.AddUInt32(0);
        }

        Add(_chunk.End().Span);
    }

    /// <summary>Adds tracepoints that the guest has got since.</summary>
    public void AddTracepoints(IReadOnlyCollection<Tracepoint> tracepoints, RingLayout layout)
    {
        _chunk.Begin(OsvtChunk.Dictionary);
        _chunk.AddUInt32((uint)layout.BacktraceLength);
        _chunk.AddUInt32((uint)tracepoints.Count);
        foreach (Tracepoint tracepoint in tracepoints)
        {
            _chunk.AddUInt64(tracepoint.Key);
            _chunk.AddText(tracepoint.NameBytes.Span);
            _chunk.AddText(tracepoint.NameBytes.Span);
            _chunk.AddText("OSv");
            _chunk.AddText(tracepoint.FormatBytes.Span);
            // Dumps have the guest's spelling, one letter an argument; "p" stands for a text of 50 bytes. One of
            // another size, which no guest has, is told by the argument's number: "3:256".
            byte[] letters = [.. tracepoint.Signature.Where(c => !char.IsAsciiDigit(c)).Select(c => (byte)c)];
            ReadOnlySpan<PayloadField> fields = tracepoint.Layout is { } known ? known.Fields : [];
            _chunk.AddUInt32((uint)letters.Length);
            for (int i = 0; i < letters.Length; i++)
            {
                bool isOther =
                    i < fields.Length
                    && fields[i] is { Type: ArgumentType.Text, Size: not PayloadLayout.DefaultTextSize };
                string number = string.Create(CultureInfo.InvariantCulture, $"{i}");
                _chunk.AddText(
                    isOther ? number + string.Create(CultureInfo.InvariantCulture, $":{fields[i].Size}") : number
                );
                _chunk.AddByte(letters[i]);
            }
        }

        Add(_chunk.End().Span);
    }

    /// <summary>Makes all that was added so far count.</summary>
    public void Commit()
    {
        Span<byte> length = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)(Length - OutsideLength));
        RandomAccess.Write(_file, length, LengthOffset);
    }

    /// <summary>Adds what the guest's clock shows beside another one; the last one that is added counts.</summary>
    public void Add(RecordedClock clock)
    {
        _chunk.Begin(OsvtChunk.Clock);
        clock.Write(_chunk);
        Add(_chunk.End().Span);
    }

    /// <summary>Adds what the guest has loaded, its kernel first.</summary>
    public void Add(IReadOnlyCollection<OsvtModule> modules)
    {
        _chunk.Begin(OsvtChunk.Modules);
        _chunk.AddUInt32((uint)modules.Count);
        foreach (OsvtModule module in modules)
        {
            _chunk.AddText(module.Path);
            _chunk.AddUInt64(module.Base);
            _chunk.AddUInt64(module.Size ?? 0);
            _chunk.AddUInt32(0);
        }

        Add(_chunk.End().Span);
    }

    private void Add(ReadOnlySpan<byte> bytes)
    {
        RandomAccess.Write(_file, bytes, Length);
        Length += bytes.Length;
    }
}
