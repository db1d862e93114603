using System.Text;
using Osprey.Symbols.Modules;

namespace Osprey.Guests.Linux.Symbols;

/// <summary>The kernel's own symbols, as <c>/proc/kallsyms</c> has them without those of modules.</summary>
internal sealed class KallsymsTable
{
    /// <summary>Most bytes of a name: <c>KSYM_NAME_LEN</c>, with its letter.</summary>
    private const int MaxNameLength = 513;

    private const int MaxTextSize = 64 << 20;

    private readonly byte[] _text;
    private readonly int[] _starts;

    private KallsymsTable(byte[] text, int[] starts)
    {
        _text = text;
        _starts = starts;
    }

    /// <summary>The number of symbols.</summary>
    public int Count => _starts.Length - 1;

    /// <summary>The addresses; per-CPU variables have their offsets.</summary>
    public ulong[] Addresses { get; private init; } = [];

    /// <summary>Decodes the names of symbols.</summary>
    /// <returns>Null when one can't be decoded.</returns>
    public static KallsymsTable? Decode(KallsymsNames names, KallsymsTokens tokens)
    {
        // A NUL, and for each symbol its letter, its name and a NUL: a name is found by one search through all.
        int[] starts = new int[names.Count + 1];
        byte[] text = new byte[Math.Max(names.Count * 32, 1024)];
        ReadOnlySpan<byte> compressed = names.Bytes;
        int size = 1;
        int at = 0;
        for (int i = 0; i < names.Count; i++)
        {
            starts[i] = size;
            if (!KallsymsNames.TryReadLength(compressed, ref at, out int length))
                return null;

            if (text.Length - size <= MaxNameLength + KallsymsTokens.Slack)
                Array.Resize(ref text, text.Length * 2);

            int end = tokens.Expand(compressed.Slice(at, length), text, size, size + MaxNameLength);
            at += length;
            if (end < size + 2 || !char.IsAsciiLetter((char)text[size]) || end > MaxTextSize)
                return null;

            text[end] = 0;
            size = end + 1;
        }

        starts[names.Count] = size;
        return new KallsymsTable(text, starts);
    }

    /// <summary>The same names with addresses.</summary>
    public KallsymsTable WithAddresses(ulong[] addresses) => new(_text, _starts) { Addresses = addresses };

    /// <summary>The same symbols in a kernel that was moved; offsets of per-CPU variables stay as they are.</summary>
    public KallsymsTable Move(LoadBias bias) => WithAddresses([.. Addresses.Select(bias.ToAddress)]);

    /// <summary>The letter of a symbol's kind, as <c>nm</c> has it.</summary>
    public char GetKind(int index) => (char)_text[_starts[index]];

    /// <summary>The name of a symbol.</summary>
    public string GetName(int index) => Encoding.UTF8.GetString(GetNameBytes(index));

    /// <summary>Finds the first symbol of a name; -1 when there is none.</summary>
    /// <param name="name">The name.</param>
    /// <param name="first">The first symbol to look at.</param>
    public int Find(ReadOnlySpan<byte> name, int first = 0)
    {
        if (name.IsEmpty || name.Length > MaxNameLength || name.Contains((byte)0))
            return -1;

        byte[] wanted = [.. name, 0];
        for (int from = first < Count ? _starts[first] : _text.Length; from < _text.Length; )
        {
            int found = _text.AsSpan(from).IndexOf(wanted);
            if (found < 0)
                return -1;

            // Before the name stand its letter and the end of the name before.
            int at = from + found;
            int index = Array.BinarySearch(_starts, at - 1);
            if (index >= first && index < Count)
                return index;

            from = at + 1;
        }

        return -1;
    }

    private ReadOnlySpan<byte> GetNameBytes(int index) => _text.AsSpan((_starts[index] + 1)..(_starts[index + 1] - 1));
}
