using Osprey.Binary.Dwarf.Info;

namespace Osprey.Tests.Builders.Dwarf;

/// <summary>
/// One program in each version: <c>main</c> at 0x1000 to 0x1100 with <c>middle</c> inlined at 0x1010 to 0x1040 and
/// <c>inner</c> into that at 0x1020 to 0x1030; <c>other</c> at 0x1100 to 0x1120.
/// </summary>
internal static class DwarfSamples
{
    public const ulong Start = 0x1000;
    public const ulong End = 0x1120;

    public static DwarfBuilder Program(int version, bool addressRanges = true, bool bigEndian = false)
    {
        var dwarf = new DwarfBuilder { IsBigEndian = bigEndian };
        var lines = new DwarfLineBuilder(version) { IsBigEndian = bigEndian };
        if (version >= 5)
            lines.Directory("/src").Directory("lib").File("main.cc", 0).File("main.cc", 0).File("inner.hh", 1);
        else
            lines.Directory("lib").File("main.cc", 0).File("inner.hh", 1);

        if (bigEndian)
            lines.Program.Byte(0).Uleb(9).Byte(2).Bytes([0, 0, 0, 0, 0, 0, 0x10, 0]);
        else
            lines.Address(Start);

        lines.Row(0, 9).Row(0x10, 10).SetFile(2).Row(0x10, 81).SetFile(1).Row(0x10, -70).Row(0xd0, 40).End(0x20);
        ulong table = dwarf.AddLines(lines);

        var inner = new DwarfEntry(DwarfTag.Subprogram).Name("inner").LinkageName("_ZN3lib5innerEi");
        var middleDeclaration = new DwarfEntry(DwarfTag.Subprogram).Name("middle").LinkageName("_Z6middlev");
        var middle = new DwarfEntry(DwarfTag.Subprogram).With(
            DwarfAttribute.Specification,
            DwarfForm.Reference4,
            middleDeclaration
        );
        var root = new DwarfEntry(DwarfTag.CompileUnit)
            .Name("main.cc")
            .With(DwarfAttribute.CompilationDirectory, DwarfForm.StringOffset, "/src")
            .With(DwarfAttribute.LineProgram, version >= 4 ? DwarfForm.SectionOffset : DwarfForm.Data4, table)
            .Range(Start, End - Start)
            .Add(
                inner,
                middleDeclaration,
                middle,
                new DwarfEntry(DwarfTag.Subprogram)
                    .Name("main")
                    .Range(0x1000, 0x100)
                    .Add(
                        new DwarfEntry(DwarfTag.LexicalBlock).Add(
                            new DwarfEntry(DwarfTag.InlinedSubroutine)
                                .Origin(middle)
                                .Range(0x1010, 0x30)
                                .Call(1, 12)
                                .Add(
                                    new DwarfEntry(DwarfTag.InlinedSubroutine)
                                        .Origin(inner)
                                        .Range(0x1020, 0x10)
                                        .Call(1, 34)
                                )
                        )
                    ),
                new DwarfEntry(DwarfTag.Subprogram).Name("other").Range(0x1100, 0x20)
            );
        ulong unit = dwarf.AddUnit(version, root);
        if (addressRanges)
            dwarf.AddAddressRanges(unit, (Start, End - Start));

        return dwarf;
    }

    /// <summary>An ELF file of that program, with its symbols.</summary>
    public static ElfBuilder File(int version, bool addressRanges = true, bool bigEndian = false)
    {
        var elf = new ElfBuilder { IsBigEndian = bigEndian };
        elf.AddText(Start, new byte[End - Start + 0x40]);
        elf.AddDebugSections(Program(version, addressRanges, bigEndian).Build());
        elf.AddSymbol("main", 0x1000, 0x100).AddSymbol("_ZN12_GLOBAL__N_15otherEv", 0x1100, 0x20);
        return elf.AddSymbol("tail", 0x1120, 0);
    }
}
