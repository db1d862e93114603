using System.Text;
using Osprey.Binary;

namespace Osprey.Symbols.Index.Lookups;

/// <summary>Reads and writes the content of a <see cref="LookupCache"/>.</summary>
/// <remarks>
/// Little-endian: the texts (u32 count, then each as u32 size and UTF-8), then five lists (u32 count, then the
/// answers): frames by address, functions by address, functions called by return address, jumps by address, symbols of
/// the table by address. Texts are meant by their number from 1; 0 is none. Of the fourth list, the jumps out of
/// functions, a count of 2^32 - 1 is none.
/// </remarks>
internal static class LookupCacheFile
{
    // More calls than a compiler inlines into each other; each frame costs memory before it is believed.
    private const int MaxFrames = 1 << 10;
    private const int MaxJumps = 1 << 10;

    private const byte HasTarget = 1;
    private const byte HasAddress = 2;
    private const byte HasSite = 4;
    private const byte IsReturnAddress = 8;

    /// <summary>Returns the bytes of a cache.</summary>
    public static byte[] ToBytes(LookupCache cache)
    {
        var texts = new List<string>();
        var numbers = new Dictionary<string, int>();
        var answers = new MemoryStream();
        using (var writer = new BinaryWriter(answers, Encoding.UTF8, leaveOpen: true))
        {
            WriteList(
                writer,
                [.. cache.Frames.Where(answer => answer.Value.Length <= MaxFrames)],
                frames =>
                {
                    writer.Write(frames.Length);
                    foreach (SymbolFrame frame in frames)
                    {
                        writer.Write(Number(frame.Name));
                        writer.Write(Number(frame.File));
                        writer.Write(frame.Line ?? 0);
                        writer.Write(frame.IsInlined);
                    }
                }
            );
            WriteList(writer, [.. cache.Functions], function => WriteTarget(writer, function, 0));
            WriteList(
                writer,
                [.. cache.Calls],
                called => WriteTarget(writer, called.Target, called.HasSite ? HasSite : (byte)0)
            );
            WriteList(
                writer,
                [.. cache.Jumps.Where(answer => answer.Value is not { Length: > MaxJumps })],
                jumps =>
                {
                    writer.Write(jumps?.Length ?? -1);
                    foreach (Jump jump in jumps ?? [])
                    {
                        writer.Write(jump.Address);
                        WriteTarget(writer, jump.Target, jump.IsReturnAddress ? IsReturnAddress : (byte)0);
                    }
                }
            );
            WriteList(
                writer,
                [.. cache.Symbols],
                symbol =>
                {
                    writer.Write(Number(symbol?.Name));
                    writer.Write(symbol?.Address ?? 0);
                    writer.Write(symbol?.Size ?? 0);
                }
            );
        }

        var all = new MemoryStream();
        using var output = new BinaryWriter(all, Encoding.UTF8, leaveOpen: true);
        output.Write(texts.Count);
        foreach (string text in texts)
        {
            byte[] bytes = Encoding.UTF8.GetBytes(text);
            output.Write(bytes.Length);
            output.Write(bytes);
        }

        output.Write(answers.GetBuffer().AsSpan(0, (int)answers.Length));
        output.Flush();
        return all.ToArray();

        int Number(string? text)
        {
            if (text is null)
                return 0;

            if (!numbers.TryGetValue(text, out int number))
            {
                texts.Add(text);
                numbers.Add(text, number = texts.Count);
            }

            return number;
        }

        void WriteTarget(BinaryWriter writer, CallTarget? target, byte flags)
        {
            flags |= target is null ? (byte)0 : HasTarget;
            flags |= target?.LinkAddress is null ? (byte)0 : HasAddress;
            writer.Write(flags);
            writer.Write(target?.LinkAddress ?? 0);
            writer.Write(Number(target?.Symbol));
        }
    }

    /// <summary>Reads the bytes of a cache into <paramref name="cache"/>.</summary>
    /// <exception cref="BadDataException">They are cut short, or say what can't be.</exception>
    public static void Read(ref ByteReader reader, LookupCache cache)
    {
        // The shortest text has 4 bytes.
        string[] texts = new string[ReadCount(ref reader, reader.Remaining / 4)];
        for (int i = 0; i < texts.Length; i++)
            texts[i] = Encoding.UTF8.GetString(reader.ReadBytes(reader.ReadUInt32()));

        for (int i = ReadCount(ref reader, LookupCache.MaxAnswers); i > 0; i--)
        {
            ulong address = reader.ReadUInt64();
            var frames = new SymbolFrame[ReadCount(ref reader, MaxFrames)];
            for (int k = 0; k < frames.Length; k++)
            {
                string? name = ReadText(ref reader, texts);
                string? file = ReadText(ref reader, texts);
                int line = reader.ReadInt32();
                frames[k] = new SymbolFrame(0, name, file, line > 0 ? line : null, reader.ReadByte() != 0);
            }

            cache.Load(address, frames);
        }

        for (int i = ReadCount(ref reader, LookupCache.MaxAnswers); i > 0; i--)
            cache.Load(reader.ReadUInt64(), ReadTarget(ref reader, texts, out _));

        for (int i = ReadCount(ref reader, LookupCache.MaxAnswers); i > 0; i--)
        {
            ulong address = reader.ReadUInt64();
            CallTarget? target = ReadTarget(ref reader, texts, out byte flags);
            cache.Load(address, new CalledFunction((flags & HasSite) != 0, target));
        }

        for (int i = ReadCount(ref reader, LookupCache.MaxAnswers); i > 0; i--)
            cache.Load(reader.ReadUInt64(), ReadJumps(ref reader, texts));

        for (int i = ReadCount(ref reader, LookupCache.MaxAnswers); i > 0; i--)
        {
            ulong address = reader.ReadUInt64();
            string? name = ReadText(ref reader, texts);
            ulong start = reader.ReadUInt64();
            ulong size = reader.ReadUInt64();
            cache.Load(address, name is null ? (TableSymbol?)null : new TableSymbol(name, start, size));
        }
    }

    private static void WriteList<T>(BinaryWriter writer, List<KeyValuePair<ulong, T>> answers, Action<T> write)
    {
        writer.Write(answers.Count);
        foreach ((ulong address, T answer) in answers)
        {
            writer.Write(address);
            write(answer);
        }
    }

    private static int ReadCount(ref ByteReader reader, int max)
    {
        uint count = reader.ReadUInt32();
        if (count > max)
            reader.ThrowBad($"a count of {count}, more than {max}");

        return (int)count;
    }

    private static string? ReadText(ref ByteReader reader, string[] texts)
    {
        uint number = reader.ReadUInt32();
        if (number > texts.Length)
            reader.ThrowBad($"text {number} of {texts.Length}");

        return number == 0 ? null : texts[(int)number - 1];
    }

    private static Jump[]? ReadJumps(ref ByteReader reader, string[] texts)
    {
        if (reader.ReadInt32() is not (>= 0 and var count))
            return null;

        if (count > MaxJumps)
            reader.ThrowBad($"{count} jumps, more than {MaxJumps}");

        var jumps = new Jump[count];
        for (int i = 0; i < count; i++)
        {
            ulong address = reader.ReadUInt64();
            CallTarget? target = ReadTarget(ref reader, texts, out byte flags);
            jumps[i] = new Jump(address, (flags & IsReturnAddress) != 0, target);
        }

        return jumps;
    }

    private static CallTarget? ReadTarget(ref ByteReader reader, string[] texts, out byte flags)
    {
        flags = reader.ReadByte();
        ulong address = reader.ReadUInt64();
        string? symbol = ReadText(ref reader, texts);
        return (flags & HasTarget) == 0 ? null : new CallTarget((flags & HasAddress) == 0 ? null : address, symbol);
    }
}
