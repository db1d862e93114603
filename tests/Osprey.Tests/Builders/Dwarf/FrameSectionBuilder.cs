using Osprey.Binary.Dwarf.Frame;

namespace Osprey.Tests.Builders.Dwarf;

/// <summary>Builds a section of call frame information for x86-64.</summary>
internal sealed class FrameSectionBuilder(FrameSectionKind kind, ulong linkAddress = 0x5000, bool is64Bit = false)
{
    private readonly DwarfWriter _writer = new();

    private bool IsEhFrame => kind == FrameSectionKind.EhFrame;

    /// <summary>Size so far in bytes; the next entry starts there.</summary>
    public int Length => _writer.Length;

    /// <summary>
    /// Adds a CIE with a CFA of rsp+8 and the return address below it, and further operations if given.
    /// </summary>
    /// <returns>The offset of the entry.</returns>
    public int AddCommon(
        byte version = 1,
        string augmentation = "",
        byte[]? augmentationData = null,
        byte[]? program = null,
        int dataAlignment = -8,
        byte returnAddress = 16
    )
    {
        int start = Length;
        var body = new DwarfWriter();
        if (IsEhFrame)
            body.UInt32(0);
        else
            body.Unsigned(ulong.MaxValue, is64Bit ? 8 : 4);

        body.Byte(version).Text(augmentation);
        if (version >= 4)
            body.Byte(8).Byte(0);

        body.Uleb(1).Sleb(dataAlignment);
        if (version == 1)
            body.Byte(returnAddress);
        else
            body.Uleb(returnAddress);

        if (augmentation.StartsWith('z'))
            body.Uleb((ulong)(augmentationData?.Length ?? 0)).Bytes(augmentationData);

        body.Bytes(program ?? [0x0c, 7, 8, 0x90, 1]);
        AddEntry(body);
        return start;
    }

    /// <summary>Adds an FDE whose start is given in its encoded form.</summary>
    /// <returns>The offset of the entry.</returns>
    public int AddDescription(int common, byte[] start, byte[] size, byte[] program, bool hasAugmentation = false)
    {
        int at = Length;
        var body = new DwarfWriter();
        if (IsEhFrame)
            body.UInt32((uint)(at + (is64Bit ? 12 : 4) - common));
        else
            body.Unsigned((ulong)common, is64Bit ? 8 : 4);

        body.Bytes(start).Bytes(size);
        if (hasAugmentation)
            body.Uleb(0);

        body.Bytes(program);
        AddEntry(body);
        return at;
    }

    /// <summary>Adds an FDE with a start of 8 bytes.</summary>
    public int AddDescription(int common, ulong start, ulong size, params byte[] program) =>
        AddDescription(common, BitConverter.GetBytes(start), BitConverter.GetBytes(size), program);

    public FrameSection Build() =>
        new(kind, _writer.ToArray(), linkAddress) { TextLinkAddress = 0x1000, DataLinkAddress = 0x9000 };

    public FrameTable BuildTable() => new(Build());

    private void AddEntry(DwarfWriter body)
    {
        byte[] bytes = body.ToArray();
        if (is64Bit)
            _writer.UInt32(uint.MaxValue).UInt64((ulong)bytes.Length);
        else
            _writer.UInt32((uint)bytes.Length);

        _writer.Bytes(bytes);
    }
}
