using System.Globalization;
using Microsoft.Win32.SafeHandles;

namespace Osprey.Tests.Cli.Guest.Hostile;

/// <summary>Damages a core file in place, at places that somebody reads, and mends it again.</summary>
/// <param name="path">The file.</param>
internal sealed class CoreDamage(string path) : IDisposable
{
    private const int PageSize = 4096;
    private const int MaxDamages = 12;

    private readonly SafeFileHandle _file = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite);
    private readonly List<(long Offset, byte[] Bytes)> _before = [];

    public void Dispose() => _file.Dispose();

    /// <summary>Undoes what the last call did, and damages the file anew.</summary>
    /// <param name="places">The places that are read.</param>
    /// <param name="random">What is done depends on it alone.</param>
    /// <returns>What was done.</returns>
    public string Change(IReadOnlyList<(long Offset, int Size)> places, Random random)
    {
        Undo();
        if (random.Next(12) == 0)
        {
            byte[] page = new byte[PageSize];
            int kind = random.Next(4);
            long place = Choose(places, random);
            if (kind == 0)
                return ChangePage(place, random);

            if (kind == 1)
                random.NextBytes(page);
            else
                Array.Fill(page, kind == 2 ? (byte)0 : (byte)0xff);

            Write(place - (place % PageSize), page);
            return string.Create(CultureInfo.InvariantCulture, $"page at {place} made kind {kind}");
        }

        int count = random.Next(1, MaxDamages);
        var changed = new List<string>();
        for (int i = 0; i < count; i++)
        {
            long place = Choose(places, random) & ~7L;
            byte[] word = Read(place);
            switch (random.Next(7))
            {
                case 0:
                    word[random.Next(word.Length)] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    random.NextBytes(word);
                    break;
                case 2:
                    // What leads elsewhere, and what comes back to where it was.
                    word = Read(Choose(places, random) & ~7L);
                    break;
                case 3:
                    BitConverter.TryWriteBytes(word, ulong.MaxValue - (ulong)random.Next(64));
                    break;
                case 4:
                    BitConverter.TryWriteBytes(word, (ulong)random.Next(1 << 20));
                    break;
                case 5:
                    BitConverter.TryWriteBytes(word, ChooseExtreme(random));
                    break;
                default:
                    BitConverter.TryWriteBytes(
                        word,
                        unchecked(BitConverter.ToUInt64(word) + (ulong)(random.Next(1, 64) * 8))
                    );
                    break;
            }

            Write(place, word);
            changed.Add(string.Create(CultureInfo.InvariantCulture, $"{place}: {Convert.ToHexStringLower(word)}"));
        }

        return string.Join(", ", changed);
    }

    /// <summary>Undoes what the last call did, and makes all words of a page the least and greatest numbers.</summary>
    /// <param name="place">A place in the page.</param>
    /// <param name="random">What is done depends on it alone.</param>
    /// <returns>What was done.</returns>
    public string ChangePage(long place, Random random)
    {
        Undo();
        byte[] page = new byte[PageSize];
        for (int i = 0; i < PageSize; i += sizeof(ulong))
            BitConverter.TryWriteBytes(page.AsSpan(i), ChooseExtreme(random));

        Write(place - (place % PageSize), page);
        return string.Create(CultureInfo.InvariantCulture, $"page at {place} made of extreme numbers");
    }

    private void Undo()
    {
        for (int i = _before.Count; i-- > 0; )
            RandomAccess.Write(_file, _before[i].Bytes, _before[i].Offset);

        _before.Clear();
    }

    private static ulong ChooseExtreme(Random random) =>
        random.Next(4) switch
        {
            0 => 1UL << 63,
            1 => long.MaxValue,
            2 => 0x8000_0000_8000_0000,
            _ => 0x7fff_ffff_7fff_ffff,
        };

    private static long Choose(IReadOnlyList<(long Offset, int Size)> places, Random random)
    {
        (long offset, int size) = places[random.Next(places.Count)];
        return offset + random.Next(Math.Max(size, 1));
    }

    private byte[] Read(long offset)
    {
        byte[] word = new byte[sizeof(ulong)];
        _ = RandomAccess.Read(_file, word, offset);
        return word;
    }

    private void Write(long offset, byte[] bytes)
    {
        byte[] before = new byte[bytes.Length];
        int count = RandomAccess.Read(_file, before, offset);
        _before.Add((offset, before[..count]));
        RandomAccess.Write(_file, bytes.AsSpan(0, count), offset);
    }
}
