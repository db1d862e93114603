using System.Text;
using Osprey.Binary;
using Osprey.Symbols;
using Osprey.Traces.Model;

namespace Osprey.Traces.Formats.Osvt.Recordings;

/// <summary>
/// The chunks OSPN of a recording: the functions, files and lines of the addresses in its backtraces, as the guest's
/// ELF files had them when it was recorded.
/// </summary>
/// <remarks>
/// A chunk begins with the number of addresses (4 bytes). Each has the address (8), the number of frames (4), and for
/// each frame its function, its file, its line (4; 0 for none), and whether it was inlined into the next one (4). Texts
/// and alignment are those of dumps. The addresses are those of calls: return addresses less 1.
/// </remarks>
public sealed class RecordedNames : ISymbolSource
{
    private const int MaxFrames = 1024;
    private const long MaxChunkSize = 1L << 28;

    private readonly Dictionary<ulong, SymbolFrame[]> _frames = [];

    /// <summary>The number of addresses that have names.</summary>
    public int Count => _frames.Count;

    /// <inheritdoc/>
    public bool TryResolve(ulong address, List<SymbolFrame> frames)
    {
        if (!_frames.TryGetValue(address, out SymbolFrame[]? known))
            return false;

        frames.AddRange(known);
        return true;
    }

    /// <summary>Reads the chunks; one that is damaged gives what was read of it and a warning.</summary>
    internal static RecordedNames Read(ByteSource source, IEnumerable<OsvtChunk> chunks, TraceStats stats)
    {
        var names = new RecordedNames();
        foreach (OsvtChunk chunk in chunks.Where(chunk => chunk.Tag == OsvtChunk.Names))
        {
            try
            {
                if (chunk.Size > MaxChunkSize)
                    throw new BadDataException(
                        source.Name,
                        chunk.Offset,
                        $"a {chunk.Name} chunk of {chunk.Size} bytes, expected {MaxChunkSize} at most"
                    );

                names.Read(new ByteReader(source.Slice(chunk.Offset, chunk.Size).Span, source.Name, chunk.Offset));
            }
            catch (BadDataException damage)
            {
                stats.Warn(damage);
            }
        }

        return names;
    }

    /// <summary>Writes a chunk's content.</summary>
    internal static void Write(ChunkBuilder chunk, IReadOnlyCollection<(ulong Address, SymbolFrame[] Frames)> names)
    {
        chunk.AddUInt32((uint)names.Count);
        foreach ((ulong address, SymbolFrame[] frames) in names)
        {
            chunk.AddUInt64(address);
            chunk.AddUInt32((uint)Math.Min(frames.Length, MaxFrames));
            foreach (SymbolFrame frame in frames.Take(MaxFrames))
            {
                chunk.AddText(frame.Name ?? "");
                chunk.AddText(frame.File ?? "");
                chunk.AddUInt32((uint)Math.Max(frame.Line ?? 0, 0));
                chunk.AddUInt32(frame.IsInlined ? 1U : 0U);
            }
        }
    }

    private void Read(ByteReader reader)
    {
        uint count = reader.ReadUInt32();
        for (uint i = 0; i < count; i++)
        {
            reader.Align(sizeof(ulong));
            ulong address = reader.ReadUInt64();
            uint frameCount = reader.ReadUInt32();
            if (frameCount > MaxFrames)
                reader.ThrowBad($"{frameCount} frames for one address, expected {MaxFrames} at most");

            var frames = new SymbolFrame[frameCount];
            for (int frame = 0; frame < frames.Length; frame++)
            {
                string name = Encoding.UTF8.GetString(OsvtText.Read(ref reader));
                string file = Encoding.UTF8.GetString(OsvtText.Read(ref reader));
                reader.Align(sizeof(uint));
                uint line = reader.ReadUInt32();
                frames[frame] = new SymbolFrame(
                    address,
                    name.Length == 0 ? null : name,
                    file.Length == 0 ? null : file,
                    line is > 0 and <= int.MaxValue ? (int)line : null,
                    reader.ReadUInt32() != 0
                );
            }

            if (frames.Length > 0)
                _frames[address] = frames;
        }
    }
}
