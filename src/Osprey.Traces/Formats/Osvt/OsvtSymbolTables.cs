using System.Text;
using Osprey.Binary;
using Osprey.Traces.Model;

namespace Osprey.Traces.Formats.Osvt;

/// <summary>The code in the guest as a dump describes it: the symbols of SYMB and the modules of MODS.</summary>
/// <param name="Symbols">In the order of the dump; undefined ones (address 0) among them.</param>
/// <param name="Modules">In the order of the dump; the kernel first.</param>
public sealed record OsvtSymbolTables(IReadOnlyList<OsvtSymbol> Symbols, IReadOnlyList<OsvtModule> Modules)
{
    private const long MaxChunkSize = 1L << 30;

    /// <summary>Reads the chunks; one that is damaged gives what was read of it and a warning.</summary>
    internal static OsvtSymbolTables Read(ByteSource source, IEnumerable<OsvtChunk> chunks, TraceStats stats)
    {
        var symbols = new List<OsvtSymbol>();
        var modules = new List<OsvtModule>();
        foreach (OsvtChunk chunk in chunks)
        {
            if (chunk.Tag is not (OsvtChunk.Symbols or OsvtChunk.Modules))
                continue;

            try
            {
                if (chunk.Size > MaxChunkSize)
                    throw new BadDataException(
                        source.Name,
                        chunk.Offset,
                        $"a {chunk.Name} chunk of {chunk.Size} bytes, expected {MaxChunkSize} at most"
                    );

                ReadOnlySpan<byte> data = source.Slice(chunk.Offset, chunk.Size).Span;
                if (chunk.Tag == OsvtChunk.Symbols)
                    ReadSymbols(new ByteReader(data, source.Name, chunk.Offset), symbols);
                else
                    ReadModules(data, source.Name, chunk.Offset, modules);
            }
            catch (BadDataException damage)
            {
                stats.Warn(damage);
            }
        }

        return new OsvtSymbolTables(symbols, modules);
    }

    private static void ReadSymbols(ByteReader reader, List<OsvtSymbol> symbols)
    {
        uint count = reader.ReadUInt32();
        for (uint i = 0; i < count; i++)
        {
            string name = Encoding.UTF8.GetString(OsvtText.Read(ref reader));
            reader.Align(sizeof(ulong));
            ulong address = reader.ReadUInt64();
            ulong size = reader.ReadUInt64();
            string file = Encoding.UTF8.GetString(OsvtText.Read(ref reader));
            reader.Align(sizeof(uint));
            uint lineCount = reader.ReadUInt32();
            var lines = new List<OsvtLine>();
            for (uint line = 0; line < lineCount; line++)
                lines.Add(new OsvtLine(reader.ReadUInt32(), reader.ReadInt32()));

            symbols.Add(new OsvtSymbol(name, address, size, file, lines));
        }
    }

    /// <summary>
    /// Reads a MODS chunk, with the modules' sizes or, as dumps before September 2014 have it, without.
    /// </summary>
    private static void ReadModules(ReadOnlySpan<byte> data, string source, long offset, List<OsvtModule> modules)
    {
        var old = new List<OsvtModule>();
        if (
            !TryReadModules(data, source, offset, hasSize: true, modules, out BadDataException? damage)
            && TryReadModules(data, source, offset, hasSize: false, old, out _)
        )
        {
            modules.Clear();
            modules.AddRange(old);
            return;
        }

        if (damage is not null)
            throw damage;
    }

    /// <returns>Whether the modules take the whole chunk.</returns>
    private static bool TryReadModules(
        ReadOnlySpan<byte> data,
        string source,
        long offset,
        bool hasSize,
        List<OsvtModule> modules,
        out BadDataException? damage
    )
    {
        damage = null;
        try
        {
            var reader = new ByteReader(data, source, offset);
            ReadModules(ref reader, hasSize, modules);
            return reader.Remaining < sizeof(ulong);
        }
        catch (BadDataException exception)
        {
            damage = exception;
            return false;
        }
    }

    private static void ReadModules(ref ByteReader reader, bool hasSize, List<OsvtModule> modules)
    {
        uint count = reader.ReadUInt32();
        for (uint i = 0; i < count; i++)
        {
            string path = Encoding.UTF8.GetString(OsvtText.Read(ref reader));
            reader.Align(sizeof(ulong));
            ulong start = reader.ReadUInt64();
            ulong? size = hasSize ? reader.ReadUInt64() : null;
            uint sectionCount = reader.ReadUInt32();
            var sections = new List<OsvtSection>();
            for (uint section = 0; section < sectionCount; section++)
            {
                string name = Encoding.UTF8.GetString(OsvtText.Read(ref reader));
                reader.Align(sizeof(uint));
                uint type = reader.ReadUInt32();
                reader.ReadUInt32(); // sh_info
                reader.Align(sizeof(ulong));
                ulong flags = reader.ReadUInt64();
                ulong address = reader.ReadUInt64();
                ulong fileOffset = reader.ReadUInt64();
                sections.Add(new OsvtSection(name, type, flags, address, fileOffset, reader.ReadUInt64()));
            }

            modules.Add(new OsvtModule(path, start, size, sections));
        }
    }
}
