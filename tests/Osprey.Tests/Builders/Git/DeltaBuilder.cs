namespace Osprey.Tests.Builders.Git;

/// <summary>Writes deltas of packs.</summary>
internal sealed class DeltaBuilder
{
    private readonly List<byte> _bytes = [];

    /// <param name="baseSize">The size of the base that the delta declares.</param>
    /// <param name="resultSize">The size of the result that it declares.</param>
    public DeltaBuilder(int baseSize, int resultSize)
    {
        AddNumber(baseSize);
        AddNumber(resultSize);
    }

    /// <summary>Adds a copy; bytes of offset and size that are 0 are left out, as git does.</summary>
    public DeltaBuilder Copy(int offset, int size)
    {
        int flags = 0x80;
        var parts = new List<byte>();
        for (int i = 0; i < 4; i++)
            Add((byte)((offset >> (8 * i)) & 0xff), 1 << i);

        for (int i = 0; i < 3; i++)
            Add((byte)(((size == 0x10000 ? 0 : size) >> (8 * i)) & 0xff), 0x10 << i);

        _bytes.Add((byte)flags);
        _bytes.AddRange(parts);
        return this;

        void Add(byte part, int flag)
        {
            if (part == 0)
                return;

            flags |= flag;
            parts.Add(part);
        }
    }

    /// <summary>Adds new bytes, 127 at most.</summary>
    public DeltaBuilder Insert(ReadOnlySpan<byte> bytes)
    {
        _bytes.Add((byte)bytes.Length);
        _bytes.AddRange(bytes);
        return this;
    }

    /// <summary>Adds a byte as it is.</summary>
    public DeltaBuilder Raw(byte value)
    {
        _bytes.Add(value);
        return this;
    }

    public byte[] Build() => [.. _bytes];

    private void AddNumber(int value)
    {
        for (; value > 0x7f; value >>= 7)
            _bytes.Add((byte)(0x80 | (value & 0x7f)));

        _bytes.Add((byte)value);
    }
}
