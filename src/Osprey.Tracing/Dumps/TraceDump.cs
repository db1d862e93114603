using System.Buffers.Binary;
using Osprey.Tracing.Backtraces;
using Osprey.Tracing.Memory;
using Osprey.Tracing.Rings;

namespace Osprey.Tracing.Dumps;

/// <summary>
/// An OSVT dump of the rings: the dictionary of tracepoints, what is loaded, names of code, and a chunk of records for
/// each ring.
/// </summary>
internal static unsafe class TraceDump
{
    private const uint Root = 0x4F535654; // "OSVT"
    private const uint Dictionary = 0x54524344; // "TRCD"
    private const uint Modules = 0x4D4F4453; // "MODS"
    private const uint Symbols = 0x53594D42; // "SYMB"
    private const uint Records = 0x54524353; // "TRCS"
    private const int HeaderSize = 16;

    /// <summary>Writes the dump.</summary>
    public static void Write(Stream stream)
    {
        // Records first: the dictionary that is read after them has all tracepoints that they refer to.
        List<RingCopy> rings = [];
        for (int i = 0; i < TraceRings.Count; i++)
            rings.Add(RingCopy.Take(TraceRings.Get(i)));
        Dictionary<ulong, TracepointInfo> tracepoints = [];
        foreach (TracepointInfo info in Tracing.Tracepoints)
            tracepoints.Add((ulong)info.Descriptor, info);

        List<(uint Tag, ChunkWriter Chunk)> chunks =
        [
            (Dictionary, WriteDictionary(tracepoints)),
            (Modules, WriteModules()),
            (Symbols, WriteSymbols()),
        ];
        chunks.AddRange(rings.Select(ring => (Records, WriteRecords(ring, tracepoints))));
        WriteFile(stream, chunks);
    }

    private static void WriteFile(Stream stream, List<(uint Tag, ChunkWriter Chunk)> chunks)
    {
        long size = 8;
        foreach ((_, ChunkWriter chunk) in chunks)
            size = ((size + 7) & ~7L) + HeaderSize + chunk.Length;

        Span<byte> header = stackalloc byte[HeaderSize];
        WriteHeader(stream, header, Root, size);
        BinaryPrimitives.WriteUInt32LittleEndian(header, 1); // byte order
        BinaryPrimitives.WriteUInt32LittleEndian(header[4..], 1); // version 0.1
        stream.Write(header[..8]);
        foreach ((uint tag, ChunkWriter chunk) in chunks)
        {
            WriteHeader(stream, header, tag, chunk.Length);
            stream.Write(chunk.Written);
            if (chunk != chunks[^1].Chunk)
            {
                header.Clear();
                stream.Write(header[..(-chunk.Length & 7)]);
            }
        }
    }

    private static void WriteHeader(Stream stream, Span<byte> header, uint tag, long size)
    {
        header.Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(header, tag);
        BinaryPrimitives.WriteInt64LittleEndian(header[8..], size);
        stream.Write(header);
    }

    private static ChunkWriter WriteDictionary(Dictionary<ulong, TracepointInfo> tracepoints)
    {
        var chunk = new ChunkWriter();
        chunk.WriteUInt32(RecordLayout.BacktraceLength);
        chunk.WriteUInt32((uint)tracepoints.Count);
        foreach ((ulong key, TracepointInfo info) in tracepoints)
        {
            chunk.WriteUInt64(key);
            chunk.WriteText(info.Name);
            chunk.WriteText(info.Name);
            chunk.WriteText("OSv"); // the readers know no other
            chunk.WriteText(info.Format);
            chunk.WriteUInt32((uint)info.Signature.Length);
            for (int i = 0; i < info.Signature.Length; i++)
            {
                chunk.WriteText(i.ToString());
                chunk.WriteByte((byte)info.Signature[i]);
            }
        }

        return chunk;
    }

    private static ChunkWriter WriteModules()
    {
        var chunk = new ChunkWriter();
        IReadOnlyList<LoadedFile> files = LoadedFile.ReadAll();
        chunk.WriteUInt32((uint)files.Count);
        foreach (LoadedFile file in files)
        {
            chunk.WriteText(file.Path);
            chunk.WriteUInt64(file.Start);
            chunk.WriteUInt64(file.End - file.Start);
            chunk.WriteUInt32(0);
        }

        return chunk;
    }

    private static ChunkWriter WriteSymbols()
    {
        var chunk = new ChunkWriter();
        // Logical callers are written as the addresses of their names.
        CodeSymbol[] symbols =
        [
            .. CodeSymbols
                .ReadAll()
                .Concat(AsyncPlaces.List().Select(place => new CodeSymbol(place.Address, 1, place.Name)))
                .OrderBy(symbol => symbol.Address),
        ];
        chunk.WriteUInt32((uint)symbols.Length);
        foreach (CodeSymbol symbol in symbols)
        {
            chunk.WriteText(symbol.Name);
            chunk.WriteUInt64(symbol.Address);
            chunk.WriteUInt64(symbol.Size);
            chunk.WriteText("");
            chunk.WriteUInt32(0);
        }

        return chunk;
    }

    private static ChunkWriter WriteRecords(RingCopy ring, Dictionary<ulong, TracepointInfo> tracepoints)
    {
        var chunk = new ChunkWriter();
        ring.ForEach(bytes =>
        {
            ulong key = BinaryPrimitives.ReadUInt64LittleEndian(bytes);
            if (!tracepoints.TryGetValue(key, out TracepointInfo? info))
                return 0;

            int size = RecordSize.Of(bytes, info.Signature);
            if (size == 0)
                return 0;
            chunk.Align(8);
            chunk.WriteBytes(bytes[..size]);
            return size;
        });
        return chunk;
    }
}
