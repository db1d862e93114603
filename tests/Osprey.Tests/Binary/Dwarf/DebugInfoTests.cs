using System.Globalization;
using System.Text;
using Osprey.Binary;
using Osprey.Binary.Dwarf.Info;
using Osprey.Tests.Builders.Dwarf;

namespace Osprey.Tests.Binary.Dwarf;

public sealed class DebugInfoTests
{
    [Theory]
    [InlineData(2, false, false)]
    [InlineData(3, false, false)]
    [InlineData(4, false, false)]
    [InlineData(5, false, false)]
    [InlineData(5, true, false)]
    [InlineData(5, false, true)]
    [InlineData(4, true, true)]
    public void Cursor_WholeUnit_GivesEntriesInOrderWithDepth(int version, bool is64Bit, bool bigEndian)
    {
        var builder = new DwarfBuilder { Is64Bit = is64Bit, IsBigEndian = bigEndian };
        builder.AddUnit(
            version,
            new DwarfEntry(DwarfTag.CompileUnit)
                .Name("unit")
                .Add(
                    new DwarfEntry(DwarfTag.Subprogram)
                        .Name("a")
                        .Add(
                            new DwarfEntry(DwarfTag.LexicalBlock).Add(
                                new DwarfEntry(DwarfTag.InlinedSubroutine).Name("b")
                            )
                        ),
                    new DwarfEntry(DwarfTag.LexicalBlock) { HasChildren = true },
                    new DwarfEntry(DwarfTag.Subprogram).LinkageName("c")
                )
        );
        builder.AddUnit(version, new DwarfEntry(DwarfTag.PartialUnit));
        DebugInfo info = builder.BuildInfo();

        Assert.Equal(2, info.Units.Count);
        Assert.Empty(info.Problems);
        Assert.Equal(
            """
            0 CompileUnit Name=unit
             1 Subprogram Name=a
              2 LexicalBlock
               3 InlinedSubroutine Name=b
             1 LexicalBlock
             1 Subprogram LinkageName=c

            """,
            Dump(info.Units[0])
        );
        Assert.Equal("0 PartialUnit\n", Dump(info.Units[1]));
        Assert.Same(info.Units[1], info.FindUnit(info.Units[1].Offset));
        Assert.Same(info.Units[0], info.FindUnit(info.Units[1].Offset - 1));
        Assert.Null(info.FindUnit(info.Units[1].EndOffset));
    }

    [Fact]
    public void FindUnit_WithStartsOfUnits_GivesTheObjectsOfTheWholePass()
    {
        DebugInfo info = BuildUnits(3);
        ulong[] starts = [.. BuildUnits(3).Units.Select(unit => unit.Offset)];
        info.UseStarts(starts);
        CompilationUnit? second = info.FindUnit(starts[1] + 3);
        CompilationUnit? third = info.OpenUnit(starts[2]);

        Assert.Equal(starts[1], second!.Offset);
        Assert.Equal(starts, info.Units.Select(unit => unit.Offset));
        Assert.Same(second, info.Units[1]);
        Assert.Same(third, info.Units[2]);
        Assert.Same(second, info.FindUnit(starts[1]));
    }

    [Theory]
    [InlineData(1UL)] // within a header
    [InlineData(1UL << 40)] // behind the section
    [InlineData(ulong.MaxValue)]
    public void FindUnit_WithStartsThatAreWrong_GivesTheSame(ulong wrong)
    {
        DebugInfo right = BuildUnits(2);
        DebugInfo info = BuildUnits(2);
        info.UseStarts([wrong]);
        foreach (CompilationUnit unit in right.Units)
        {
            Assert.Equal(unit.Offset, info.FindUnit(unit.Offset)!.Offset);
            Assert.Equal(unit.Offset, info.FindUnit(unit.EndOffset - 1)!.Offset);
        }

        Assert.Null(info.FindUnit(right.Units[^1].EndOffset));
    }

    private static DebugInfo BuildUnits(int count)
    {
        var builder = new DwarfBuilder();
        for (int i = 0; i < count; i++)
            builder.AddUnit(5, new DwarfEntry(DwarfTag.CompileUnit).Name($"unit {i}"));

        return builder.BuildInfo();
    }

    [Fact]
    public void Cursor_StartedInside_EndsBehindThatEntrysChildren()
    {
        var inner = new DwarfEntry(DwarfTag.Subprogram).Name("f").Add(new DwarfEntry(DwarfTag.LexicalBlock));
        var builder = new DwarfBuilder();
        builder.AddUnit(
            5,
            new DwarfEntry(DwarfTag.CompileUnit).Add(inner, new DwarfEntry(DwarfTag.Subprogram).Name("g"))
        );
        CompilationUnit unit = builder.BuildInfo().Units[0];
        DieCursor all = unit.OpenCursor();
        Assert.True(all.MoveNext());
        Assert.True(all.MoveNext());

        DieCursor cursor = unit.OpenCursor(all.Offset);
        Assert.True(cursor.MoveNext());
        Assert.Equal((DwarfTag.Subprogram, 0), (cursor.Tag, cursor.Depth));
        Assert.True(cursor.MoveNext());
        Assert.Equal((DwarfTag.LexicalBlock, 1), (cursor.Tag, cursor.Depth));
        Assert.False(cursor.MoveNext());
    }

    [Theory]
    [InlineData("none")]
    [InlineData("right")]
    [InlineData("itself")] // which would never end
    [InlineData("outside")]
    public void MoveNextSibling_WhateverTheAttributeSays_SkipsWhatIsBelow(string sibling)
    {
        var last = new DwarfEntry(DwarfTag.Subprogram).Name("last");
        var first = new DwarfEntry(DwarfTag.StructureType).Name("first");
        var root = new DwarfEntry(DwarfTag.CompileUnit).Add(first, last);
        first = sibling switch
        {
            "right" => first.With(DwarfAttribute.Sibling, DwarfForm.Reference4, last),
            "itself" => first.With(DwarfAttribute.Sibling, DwarfForm.Reference4, first),
            "outside" => first.With(DwarfAttribute.Sibling, DwarfForm.Data4, 0x7fff_0000),
            _ => first,
        };
        first.Add(
            new DwarfEntry(DwarfTag.Member).Add(new DwarfEntry(DwarfTag.Member)),
            new DwarfEntry(DwarfTag.Member)
        );
        var builder = new DwarfBuilder();
        builder.AddUnit(5, root);
        DieCursor cursor = builder.BuildInfo().Units[0].OpenCursor();
        Assert.True(cursor.MoveNext());
        Assert.True(cursor.MoveNext());
        Assert.Equal((DwarfTag.StructureType, 1), (cursor.Tag, cursor.Depth));
        Assert.True(cursor.MoveNextSibling());
        Assert.Equal((DwarfTag.Subprogram, 1), (cursor.Tag, cursor.Depth));
        Assert.False(cursor.MoveNextSibling());
    }

    [Fact]
    public void Attributes_EveryForm_HaveTheirValue()
    {
        var builder = new DwarfBuilder();
        builder.Section(".debug_addr").UInt32(20).UInt16(5).Byte(8).Byte(0).UInt64(0xaaaa).UInt64(0xbbbb);
        builder.Section(".debug_str").Text("zero").Text("one");
        builder.Section(".debug_str_offsets").UInt32(12).UInt16(5).UInt16(0).UInt32(0).UInt32(5);
        builder.AddUnit(
            5,
            new DwarfEntry(DwarfTag.CompileUnit)
                .With(DwarfAttribute.Name, DwarfForm.StringIndex1, 1)
                .With(DwarfAttribute.CompilationDirectory, DwarfForm.LineStringOffset, "/dir")
                .With(DwarfAttribute.LowPc, DwarfForm.AddressIndex, 1)
                .With(DwarfAttribute.StringOffsetsBase, DwarfForm.SectionOffset, 8)
                .With(DwarfAttribute.AddressBase, DwarfForm.SectionOffset, 8)
                .With(DwarfAttribute.Producer, DwarfForm.StringIndex3, 0)
                .With(DwarfAttribute.CallLine, DwarfForm.ImplicitConstant, -3)
                .With(DwarfAttribute.CallFile, DwarfForm.SignedData, -4)
                .With(DwarfAttribute.Inline, DwarfForm.FlagPresent, Array.Empty<byte>())
                .With(DwarfAttribute.Declaration, DwarfForm.Data16, new byte[16])
                .With(DwarfAttribute.Ranges, DwarfForm.Expression, new byte[] { 1, 2, 3 })
        );
        CompilationUnit unit = builder.BuildInfo().Units[0];

        Assert.Equal("one", unit.Name);
        Assert.Equal("/dir", unit.CompilationDirectory);
        Assert.Equal(0xbbbbUL, unit.BaseAddress);
        DieCursor cursor = unit.OpenCursor();
        cursor.MoveNext();
        var values = new List<AttributeValue>();
        while (cursor.TryReadAttribute(out _, out AttributeValue value))
            values.Add(value);

        Assert.Equal("zero", unit.GetString(values[5]));
        Assert.Equal(-3L, unchecked((long)values[6].Bits));
        Assert.Equal(-4L, unchecked((long)values[7].Bits));
        Assert.Null(values[7].AsInt32());
        Assert.Equal(1UL, values[8].Bits);
        Assert.Equal((16UL, 3UL), (values[9].Size, values[10].Size));
    }

    [Fact]
    public void Units_OfUnknownVersion_AreSkippedAndSaid()
    {
        var builder = new DwarfBuilder();
        builder.Section(".debug_info").UInt32(3).UInt16(9).Byte(0);
        builder.AddUnit(5, new DwarfEntry(DwarfTag.CompileUnit));
        DebugInfo info = builder.BuildInfo();
        Assert.Single(info.Units);
        Assert.Equal(
            ".debug_info+0x0: a unit of a DWARF version other than 2 to 5 is skipped",
            Assert.Single(info.Problems).Message
        );
    }

    [Fact]
    public void Units_LengthBehindTheEnd_KeepsThoseBefore()
    {
        var builder = new DwarfBuilder();
        builder.AddUnit(5, new DwarfEntry(DwarfTag.CompileUnit));
        int end = builder.Section(".debug_info").Length;
        builder.Section(".debug_info").UInt32(0x100).UInt16(5);
        DebugInfo info = builder.BuildInfo();
        Assert.Single(info.Units);
        Assert.Equal($".debug_info+0x{end + 4:x}: expected 256 bytes, have 2", Assert.Single(info.Problems).Message);
    }

    [Fact]
    public void Cursor_DeepNesting_IsRefusedAtTheLimit()
    {
        var root = new DwarfEntry(DwarfTag.CompileUnit);
        DwarfEntry innermost = root;
        for (int i = 0; i < 20; i++)
        {
            var child = new DwarfEntry(DwarfTag.LexicalBlock);
            innermost.Add(child);
            innermost = child;
        }

        var builder = new DwarfBuilder();
        builder.AddUnit(5, root);
        var info = new DebugInfo(builder.BuildSections(), new ParseLimits { MaxEntryDepth = 10 });
        var e = Assert.Throws<BadDataException>(() => Dump(info.Units[0]));
        Assert.Equal("entries nested deeper than 10", e.Problem);
    }

    [Fact]
    public void Cursor_UnknownAbbreviation_SaysWhere()
    {
        var builder = new DwarfBuilder();
        builder.AddUnit(5, new DwarfEntry(DwarfTag.CompileUnit) { HasChildren = true });
        IReadOnlyDictionary<string, byte[]> sections = builder.Build();
        sections[".debug_info"][^1] = 77;
        var info = new DebugInfo(new Osprey.Binary.Dwarf.DwarfSections(name => sections.GetValueOrDefault(name)));
        var e = Assert.Throws<BadDataException>(() => Dump(info.Units[0]));
        Assert.Equal(".debug_info+0xd: abbreviation 77 is not in the unit's table", e.Message);
    }

    [Theory]
    [InlineData(".debug_info")]
    [InlineData(".debug_abbrev")]
    [InlineData(".debug_str")]
    public void Cursor_SectionCutOrChangedAnywhere_GivesBadDataOrEntries(string damaged)
    {
        IReadOnlyDictionary<string, byte[]> sections = DwarfSamples.Program(5).Build();
        Assert.True(Mutations.Truncate(sections[damaged], Read) > 0);
        Mutations.Change(sections[damaged], seed: 3, count: 20_000, Read);

        void Read(byte[] input)
        {
            var info = new DebugInfo(
                new Osprey.Binary.Dwarf.DwarfSections(name =>
                    name == damaged ? input : sections.GetValueOrDefault(name)
                )
            );
            foreach (CompilationUnit unit in info.Units)
                Dump(unit);

            foreach (BadDataException problem in info.Problems)
                throw problem;
        }
    }

    private static string Dump(CompilationUnit unit)
    {
        var text = new StringBuilder();
        DieCursor cursor = unit.OpenCursor();
        while (cursor.MoveNext())
        {
            text.Append(CultureInfo.InvariantCulture, $"{new string(' ', cursor.Depth)}{cursor.Depth} {cursor.Tag}");
            while (cursor.TryReadAttribute(out DwarfAttribute name, out AttributeValue value))
            {
                if (name is DwarfAttribute.Name or DwarfAttribute.LinkageName)
                    text.Append(CultureInfo.InvariantCulture, $" {name}={unit.GetString(value)}");
                else if (name is DwarfAttribute.AbstractOrigin or DwarfAttribute.Specification)
                    unit.TryGetReference(value, out _, out _);
            }

            text.Append('\n');
        }

        return text.ToString();
    }
}
