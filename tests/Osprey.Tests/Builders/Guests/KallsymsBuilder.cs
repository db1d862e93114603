using System.Buffers.Binary;
using System.Text;

namespace Osprey.Tests.Builders.Guests;

/// <summary>An image of a kernel that has a banner and the table of its own symbols.</summary>
internal sealed class KallsymsBuilder
{
    public const ulong Start = 0xffff_ffff_9a40_0000;

    private const int BannerOffset = 0x2340;
    private const int TablesOffset = 0x500c;

    private readonly List<(ulong Address, char Kind, string Name)> _symbols = [];
    private readonly List<byte> _image = [];
    private readonly Random _random;
    private int _alignment;

    /// <param name="seed">Names and addresses follow from it.</param>
    /// <param name="count">The number of symbols.</param>
    /// <param name="perCpu">True for per-CPU variables from 0 on.</param>
    /// <param name="longest">Bytes of the longest name.</param>
    public KallsymsBuilder(int seed, int count, bool perCpu, int longest)
    {
        _random = new Random(seed);
        HasPerCpu = perCpu;
        _symbols.Add((Start, 'T', "_text"));
        _symbols.Add((Start, 'T', "_stext"));
        _symbols.Add((Start + 0x100, 'T', "schedule"));
        _symbols.Add((Start + BannerOffset, 'D', "linux_banner"));
        while (_symbols.Count < count)
        {
            bool isOffset = perCpu && _random.Next(8) == 0;
            ulong address = isOffset ? (ulong)_random.Next(0x30000) : Start + (ulong)_random.Next(1 << 24);
            int length = _random.Next(20) == 0 ? _random.Next(1, longest + 1) : _random.Next(1, 25);
            _symbols.Add((address, "tTdDbBrRaAvVwW"[_random.Next(14)], MakeName(length)));
        }

        _symbols = [.. _symbols.OrderBy(symbol => symbol.Address)];
    }

    public bool HasPerCpu { get; }

    public IReadOnlyList<(ulong Address, char Kind, string Name)> Symbols => _symbols;

    /// <summary>Run-time addresses of the tables, by their names in the kernel.</summary>
    public Dictionary<string, ulong> Places { get; } = [];

    public byte[] Build(KallsymsLayout layout)
    {
        _image.Clear();
        _alignment = layout == KallsymsLayout.Distances ? 4 : 8;
        AddNoise(BannerOffset);
        _image.AddRange("Linux version 6.1.0-99-test (gcc)\n\0"u8);
        AddNoise(TablesOffset - _image.Count);
        (byte[][] tokens, List<byte[]> names) = Compress();
        bool isBehind =
            layout is KallsymsLayout.OffsetsBehind or KallsymsLayout.AddressesBehind or KallsymsLayout.Distances;
        if (!isBehind)
            AddAddresses(layout);

        bool isWide = layout is KallsymsLayout.Addresses or KallsymsLayout.WideNumbers;
        Begin("num_syms");
        AddNumber(_symbols.Count, isWide);
        Begin("names");
        var markers = new List<int>();
        int start = _image.Count;
        for (int i = 0; i < names.Count; i++)
        {
            if (i % 256 == 0)
                markers.Add(_image.Count - start);

            int length = names[i].Length;
            if (length >= 128)
                _image.AddRange([(byte)(length & 0x7f | 0x80), (byte)(length >> 7)]);
            else
                _image.Add((byte)length);

            _image.AddRange(names[i]);
        }

        Begin("markers");
        foreach (int marker in markers)
            AddNumber(marker, isWide);

        if (layout == KallsymsLayout.NameOrder)
            AddNameOrder();

        Begin("token_table");
        var index = new List<int>();
        int table = _image.Count;
        foreach (byte[] token in tokens)
        {
            index.Add(_image.Count - table);
            _image.AddRange([.. token, 0]);
        }

        Begin("token_index");
        foreach (int offset in index)
            _image.AddRange([(byte)(offset & 0xff), (byte)(offset >> 8)]);

        if (isBehind)
        {
            AddAddresses(layout);
            AddNameOrder();
        }

        Begin("end");
        AddNoise(_random.Next(1, 10_000));
        return [.. _image];
    }

    private void AddAddresses(KallsymsLayout layout)
    {
        Begin("addresses");
        foreach ((ulong address, _, _) in _symbols)
        {
            ulong place = Start + (ulong)_image.Count;
            ulong value = layout switch
            {
                KallsymsLayout.Addresses or KallsymsLayout.AddressesBehind => address,
                KallsymsLayout.Distances => unchecked(address - place),
                _ when !HasPerCpu => address - Start,
                _ when address < Start => address,
                _ => unchecked(Start - 1 - address),
            };
            byte[] bytes = BitConverter.GetBytes(value);
            _image.AddRange(layout is KallsymsLayout.Addresses or KallsymsLayout.AddressesBehind ? bytes : bytes[..4]);
        }

        if (layout is KallsymsLayout.Addresses or KallsymsLayout.AddressesBehind or KallsymsLayout.Distances)
            return;

        Begin("relative_base");
        _image.AddRange(BitConverter.GetBytes(Start));
    }

    private void AddNameOrder()
    {
        Begin("seqs_of_names");
        int[] order = [.. Enumerable.Range(0, _symbols.Count)];
        Array.Sort(order, (a, b) => string.CompareOrdinal(_symbols[a].Name, _symbols[b].Name));
        foreach (int i in order)
            _image.AddRange([(byte)(i >> 16), (byte)((i >> 8) & 0xff), (byte)(i & 0xff)]);
    }

    private void Begin(string name)
    {
        while (_image.Count % _alignment != 0)
            _image.Add(0);

        Places[name] = Start + (ulong)_image.Count;
    }

    private void AddNumber(int number, bool isWide)
    {
        byte[] bytes = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, number);
        _image.AddRange(isWide ? bytes : bytes[..4]);
    }

    private void AddNoise(int count)
    {
        byte[] bytes = new byte[count];
        _random.NextBytes(bytes);
        _image.AddRange(bytes);
    }

    /// <summary>Makes tokens of the letters, and of pairs of them for all other bytes.</summary>
    private (byte[][] Tokens, List<byte[]> Names) Compress()
    {
        string[] texts = [.. _symbols.Select(symbol => symbol.Kind + symbol.Name)];
        bool[] isUsed = new bool[256];
        foreach (byte letter in texts.SelectMany(Encoding.UTF8.GetBytes).Concat("0123456789"u8.ToArray()))
            isUsed[letter] = true;

        byte[][] tokens = new byte[256][];
        var codes = new Dictionary<(byte, byte), byte>();
        for (int i = 0; i < 256; i++)
        {
            if (isUsed[i])
            {
                tokens[i] = [(byte)i];
                continue;
            }

            byte[] text = Encoding.UTF8.GetBytes(texts[_random.Next(texts.Length)]);
            int at = _random.Next(text.Length - 1);
            tokens[i] = text[at..(at + 2)];
            codes[(text[at], text[at + 1])] = (byte)i;
        }

        var names = new List<byte[]>();
        foreach (string text in texts)
        {
            byte[] bytes = Encoding.UTF8.GetBytes(text);
            var name = new List<byte>();
            for (int i = 0; i < bytes.Length; i++)
            {
                bool isPair = i + 1 < bytes.Length && codes.TryGetValue((bytes[i], bytes[i + 1]), out _);
                name.Add(isPair ? codes[(bytes[i], bytes[i + 1])] : bytes[i]);
                i += isPair ? 1 : 0;
            }

            names.Add([.. name]);
        }

        return (tokens, names);
    }

    private string MakeName(int length)
    {
        const string Letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789___.$";
        return string.Create(
            length,
            _random,
            (text, random) =>
            {
                for (int i = 0; i < text.Length; i++)
                    text[i] = Letters[random.Next(Letters.Length)];
            }
        );
    }
}
