using Osprey.Binary;
using Osprey.Binary.Dwarf.Frame;
using Osprey.Tests.Builders.Dwarf;

namespace Osprey.Tests.Binary.Dwarf.Frame;

public sealed class FrameTableTests
{
    [Theory]
    [InlineData(FrameSectionKind.EhFrame, 1, false)]
    [InlineData(FrameSectionKind.EhFrame, 3, true)]
    [InlineData(FrameSectionKind.DebugFrame, 1, false)]
    [InlineData(FrameSectionKind.DebugFrame, 3, false)]
    [InlineData(FrameSectionKind.DebugFrame, 4, true)]
    public void FindRow_EachVersionAndForm_IsRead(FrameSectionKind kind, byte version, bool is64Bit)
    {
        var builder = new FrameSectionBuilder(kind, is64Bit: is64Bit);
        builder.AddDescription(builder.AddCommon(version), 0x1000, 0x10, 0x41, 0x0e, 16, 0x86, 2);
        FrameTable table = builder.BuildTable();

        Assert.Equal("1000..1001 r7+8 16:Offset-8", Describe(table.FindRow(0x1000)));
        Assert.Equal("1001..1010 r7+16 16:Offset-8 6:Offset-16", Describe(table.FindRow(0x100f)));
        Assert.Null(table.FindRow(0xfff));
        Assert.Null(table.FindRow(0x1010));
    }

    [Theory]
    [InlineData(0x00, "0010000000000000", "1000000000000000")]
    [InlineData(0x03, "00100000", "10000000")]
    [InlineData(0x02, "0010", "1000")]
    [InlineData(0x01, "8020", "10")]
    [InlineData(0x09, "8020", "10")]
    [InlineData(0x0a, "0010", "1000")]
    [InlineData(0x0b, "00100000", "10000000")]
    [InlineData(0x0c, "0010000000000000", "1000000000000000")]
    [InlineData(0x1b, "e4bfffff", "10000000")] // from 0x501c
    [InlineData(0x2b, "00000000", "10000000", 0x1000)] // text; zero is null
    [InlineData(0x2b, "04000000", "10000000", 0x1004)]
    [InlineData(0x3b, "0480ffff", "10000000", 0x1004)] // data
    [InlineData(0x50, "000000000010000000000000", "1000000000000000")] // aligned: from 0x501c to 0x5020
    public void Find_EachPointerEncoding_IsRead(byte encoding, string start, string size, int expected = 0x1000)
    {
        var builder = new FrameSectionBuilder(FrameSectionKind.EhFrame);
        int common = builder.AddCommon(1, "zR", [encoding], [0x0c, 7, 8]);
        builder.AddDescription(
            common,
            Convert.FromHexString(start),
            Convert.FromHexString(size),
            [],
            hasAugmentation: true
        );
        FrameTable table = builder.BuildTable();

        FrameDescription? found = table.Find((ulong)expected + 5);
        if (start == "00000000")
            Assert.Null(found);
        else
            Assert.Equal(((ulong)expected, (ulong)expected + 0x10), (found!.Value.Start, found.Value.End));
    }

    [Theory]
    [InlineData("zRS", "00", true)]
    [InlineData("zPLRS", "0300000000 0300", true)]
    [InlineData("zR", "00", false)]
    [InlineData("zRBG", "00", false)]
    [InlineData("zR?", "001122", false)]
    [InlineData("S", "", true)]
    public void FindRow_Augmentation_TellsSignalFrames(string augmentation, string data, bool isSignalFrame)
    {
        var builder = new FrameSectionBuilder(FrameSectionKind.EhFrame);
        int common = builder.AddCommon(
            1,
            augmentation,
            Convert.FromHexString(data.Replace(" ", "", StringComparison.Ordinal))
        );
        builder.AddDescription(
            common,
            BitConverter.GetBytes(0x1000UL),
            BitConverter.GetBytes(0x10UL),
            [],
            augmentation[0] == 'z'
        );

        UnwindRow row = builder.BuildTable().FindRow(0x1000)!;

        Assert.Equal((isSignalFrame, 16), (row.IsSignalFrame, row.ReturnAddressRegister));
    }

    [Fact]
    public void FindRow_UnknownAugmentation_IsNotThere()
    {
        var builder = new FrameSectionBuilder(FrameSectionKind.EhFrame);
        builder.AddDescription(builder.AddCommon(1, "armcc+"), 0x1000, 0x10);

        Assert.Null(builder.BuildTable().FindRow(0x1000));
    }

    [Theory]
    [InlineData("05 83 01 02", "r7+8 16:Offset-8 131:Offset-16")] // offset_extended
    [InlineData("11 03 7e", "r7+8 16:Offset-8 3:Offset+16")] // offset_extended_sf
    [InlineData("2f 03 02", "r7+8 16:Offset-8 3:Offset+16")] // GNU_negative_offset_extended
    [InlineData("07 10", "r7+8 16:Undefined+0")]
    [InlineData("08 03", "r7+8 16:Offset-8 3:SameValue+0")]
    [InlineData("09 03 0c", "r7+8 16:Offset-8 3:Register+12")]
    [InlineData("0c 06 10", "r6+16 16:Offset-8")] // def_cfa
    [InlineData("12 06 7e", "r6+16 16:Offset-8")] // def_cfa_sf
    [InlineData("0d 06", "r6+8 16:Offset-8")] // def_cfa_register
    [InlineData("13 7d", "r7+24 16:Offset-8")] // def_cfa_offset_sf
    [InlineData("0f 02 77 08", "[7708] 16:Offset-8")] // def_cfa_expression
    [InlineData("10 03 01 96", "r7+8 16:Offset-8 3:Expression+0[96]")]
    [InlineData("16 03 01 96", "r7+8 16:Offset-8 3:ValueExpression+0[96]")]
    [InlineData("14 03 02", "r7+8 16:Offset-8 3:ValueOffset-16")]
    [InlineData("15 03 7e", "r7+8 16:Offset-8 3:ValueOffset+16")]
    [InlineData("83 02 c3", "r7+8 16:Offset-8")] // restore to nothing
    [InlineData("07 10 d0", "r7+8 16:Offset-8")] // restore to the CIE's
    [InlineData("07 10 06 10", "r7+8 16:Offset-8")] // restore_extended
    [InlineData("0a 83 02 0e 40 0b", "r7+8 16:Offset-8")] // remember, restore
    [InlineData("2e 40 00", "r7+8 16:Offset-8")] // args_size, nop
    [InlineData("2d", "r7+8 16:Offset-8 signed")]
    public void FindRow_EachOperation_Applies(string program, string expected)
    {
        var builder = new FrameSectionBuilder(FrameSectionKind.DebugFrame);
        builder.AddDescription(
            builder.AddCommon(3),
            0x1000,
            0x10,
            Convert.FromHexString(program.Replace(" ", "", StringComparison.Ordinal))
        );

        Assert.Equal("1000..1010 " + expected, Describe(builder.BuildTable().FindRow(0x1000)));
    }

    [Theory]
    [InlineData("41 0e 10 02 02 0e 18 03 0300 0e 20 04 04000000 0e 28", "1000 1001 1003 1006 100a")]
    [InlineData("01 0810000000000000 0e 10", "1000 1008")] // set_loc
    [InlineData("1d 0800000000000000 0e 10", "1000 1008")] // advance_loc8
    [InlineData("40 0e 10 44 0e 18", "1000 1004")] // by nothing
    [InlineData("7f 0e 10", "1000")] // beyond the end
    public void ReadRows_Advances_SplitTheRange(string program, string starts)
    {
        var builder = new FrameSectionBuilder(FrameSectionKind.DebugFrame);
        builder.AddDescription(
            builder.AddCommon(3),
            0x1000,
            0x10,
            Convert.FromHexString(program.Replace(" ", "", StringComparison.Ordinal))
        );
        FrameTable table = builder.BuildTable();

        IReadOnlyList<UnwindRow> rows = table.ReadRows(table.Find(0x1000)!.Value);

        Assert.Equal(starts, string.Join(' ', rows.Select(row => $"{row.Start:x}")));
        Assert.Equal(0x1010UL, rows[^1].End);
    }

    [Theory]
    [InlineData("0b")] // nothing was remembered
    [InlineData("3f")] // no such operation
    [InlineData("0f 05 00")] // cut short
    [InlineData("0f 00 0e 10")] // offset for an expression
    public void FindRow_MalformedProgram_Throws(string program)
    {
        var builder = new FrameSectionBuilder(FrameSectionKind.DebugFrame);
        builder.AddDescription(
            builder.AddCommon(3),
            0x1000,
            0x10,
            Convert.FromHexString(program.Replace(" ", "", StringComparison.Ordinal))
        );

        Assert.Throws<BadDataException>(() => builder.BuildTable().FindRow(0x1000));
    }

    [Fact]
    public void FindRow_RememberWithoutEnd_Throws()
    {
        var builder = new FrameSectionBuilder(FrameSectionKind.DebugFrame);
        byte[] program = new byte[5000];
        Array.Fill(program, (byte)0x0a);
        builder.AddDescription(builder.AddCommon(3), 0x1000, 0x10, program);

        Assert.Throws<BadDataException>(() => builder.BuildTable().FindRow(0x1000));
    }

    [Fact]
    public void FindRow_RemovedCode_IsNotThere()
    {
        var builder = new FrameSectionBuilder(FrameSectionKind.DebugFrame);
        int common = builder.AddCommon(3);
        builder.AddDescription(common, 0, 0x2000);
        builder.AddDescription(common, ulong.MaxValue, 0x10);
        builder.AddDescription(common, 0x3000, 0);

        Assert.Empty(builder.BuildTable().EnumerateDescriptions());
    }

    [Fact]
    public void FindRow_SearchTableOfAnotherBuild_IsNotUsed()
    {
        var builder = new FrameSectionBuilder(FrameSectionKind.EhFrame);
        int at = builder.AddDescription(builder.AddCommon(), 0x1000, 0x10);
        FrameSection section = builder.Build();

        foreach ((int start, bool isGood) in ((int, bool)[])[(0x1000, true), (0x1008, false)])
        {
            byte[] header = new DwarfWriter()
                .Byte(1)
                .Byte(0x1b)
                .Byte(0x03)
                .Byte(0x3b)
                .UInt32(unchecked((uint)(0x5000 - 0x8004)))
                .UInt32(1)
                .UInt32(unchecked((uint)(start - 0x8000)))
                .UInt32(unchecked((uint)(0x5000 + at - 0x8000)))
                .ToArray();
            var table = new FrameTable(section with { Header = header, HeaderLinkAddress = 0x8000 });

            Assert.True(table.HasSearchTable);
            Assert.NotNull(table.FindRow(0x1009));
            Assert.Equal(isGood, table.HasSearchTable);
        }
    }

    [Fact]
    public void FrameTable_TruncatedAndChanged_EndsInResultOrBadData()
    {
        var builder = new FrameSectionBuilder(FrameSectionKind.EhFrame);
        int common = builder.AddCommon(1, "zPLRS", [3, 0, 0, 0, 0, 3, 0]);
        builder.AddDescription(
            common,
            BitConverter.GetBytes(0x1000UL),
            BitConverter.GetBytes(0x10UL),
            [0x41, 0x0e, 16, 0x86, 2, 0x0a, 0x42, 0x0f, 1, 0x96, 0x0b],
            true
        );
        builder.AddDescription(builder.AddCommon(3), 0x2000, 0x10, 0x41, 0x0e, 16, 0x10, 3, 1, 0x96);
        FrameSection section = builder.Build();
        byte[] whole = section.Content.ToArray();
        int found = 0;
        for (int length = 0; length < whole.Length; length++)
            found += Probe(section with { Content = whole.AsMemory(0, length) });

        var random = new Random(7);
        for (int i = 0; i < 20_000; i++)
        {
            byte[] changed = [.. whole];
            for (int k = random.Next(1, 5); k > 0; k--)
                changed[random.Next(changed.Length)] = (byte)random.Next(256);

            found += Probe(section with { Content = changed });
        }

        Assert.InRange(found, 1_000, int.MaxValue);
    }

    private static int Probe(FrameSection section)
    {
        int found = 0;
        try
        {
            var table = new FrameTable(section);
            foreach (ulong address in (ulong[])[0x1000, 0x1002, 0x2000, 0x2001])
                found += table.FindRow(address) is null ? 0 : 1;
        }
        catch (BadDataException) { }

        return found;
    }

    private static string Describe(UnwindRow? row)
    {
        Assert.NotNull(row);
        string cfa =
            row.Cfa.Register < 0
                ? $"[{Convert.ToHexStringLower(row.Cfa.Expression.Span)}]"
                : $"r{row.Cfa.Register}+{row.Cfa.Offset}";
        string text = $"{row.Start:x}..{row.End:x} {cfa}";
        foreach (FrameRegister register in row.Registers)
        {
            text += $" {register.Number}:{register.Rule.Kind}{register.Rule.Value:+0;-0;+0}";
            if (!register.Rule.Expression.IsEmpty)
                text += $"[{Convert.ToHexStringLower(register.Rule.Expression.Span)}]";
        }

        return text + (row.IsReturnAddressSigned ? " signed" : "");
    }
}
