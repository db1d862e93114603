using Osprey.Binary.Dwarf.Info;
using Osprey.Symbols;
using Osprey.Symbols.Types;
using Osprey.Symbols.Types.Compounds;
using Osprey.Symbols.Types.Variables;
using Osprey.Tests.Builders.Dwarf;

namespace Osprey.Tests.Symbols.Types;

/// <summary>Debug info with types of all kinds, made up entry by entry.</summary>
internal static class TypeSamples
{
    public const ulong CodeStart = 0x1000;

    private static readonly string[] s_names =
    [
        "n::box",
        "n::box::part",
        "n::loop",
        "n::unfinished",
        "n::color",
        "n::alias",
        "int",
        "unsigned",
        "n::alias *",
        "const n::box &",
        "holder<int>",
        "circle",
        "self",
    ];

    /// <summary>Builds some units of that version, enough to be read by more than one thread.</summary>
    public static DwarfBuilder Program(int version, int units = 8)
    {
        var builder = new DwarfBuilder();
        if (version >= 5)
            builder
                .Section(".debug_loclists")
                .Byte(6)
                .UInt64(CodeStart)
                .Byte(4)
                .Uleb(0)
                .Uleb(8)
                .Uleb(1)
                .Byte(0x55)
                .Byte(8)
                .UInt64(CodeStart + 8)
                .Uleb(8)
                .Uleb(2)
                .Byte(0x91)
                .Byte(0x70)
                .Byte(0);
        else
            builder
                .Section(".debug_loc")
                .UInt64(0)
                .UInt64(8)
                .UInt16(1)
                .Byte(0x55)
                .UInt64(8)
                .UInt64(16)
                .UInt16(2)
                .Byte(0x91)
                .Byte(0x70)
                .UInt64(0)
                .UInt64(0);

        for (int i = 0; i < units; i++)
            builder.AddUnit(version, Unit(version, i));

        return builder;
    }

    /// <summary>Opens a catalog of an ELF file with these sections.</summary>
    public static TypeCatalog Open(IReadOnlyDictionary<string, byte[]> sections, SymbolizerOptions? options = null)
    {
        var elf = new ElfBuilder();
        elf.AddText(CodeStart, new byte[16]);
        elf.AddDebugSections(sections);
        return TypeCatalog.FromImage(
            elf.AddBuildId(1, 2, 3, 4).BuildImage(),
            options ?? new SymbolizerOptions { UseCache = false }
        );
    }

    /// <summary>
    /// Asks for everything that the sample has, and reads some thousand types and members that the answers refer to.
    /// </summary>
    /// <returns>The number of types and members read.</returns>
    public static int Walk(TypeCatalog catalog)
    {
        int budget = 3_000;
        foreach (string name in s_names)
            Walk(catalog.FindType(name), 12, ref budget);

        foreach (
            string name in (string[])
                ["n::counter", "n::constant", "n::box::shared", "f::kept", "local", "unit.c::n::counter"]
        )
            Walk(catalog.FindVariable(name)?.Type, 12, ref budget);

        catalog.FindEnumerator("n::red");
        catalog.FindEnumerator("n::color::blue");
        Walk(catalog.FindFunction("f")?.Type, 12, ref budget);
        foreach (DebugScope scope in catalog.FindScopes(CodeStart + 4))
        {
            foreach (DebugVariable variable in scope.Variables)
                Walk(variable.Type, 12, ref budget);
        }

        return 3_000 - budget;
    }

    private static void Walk(DebugType? type, int depth, ref int budget)
    {
        if (type is null || depth == 0 || budget-- <= 0)
            return;

        _ = type.Size;
        _ = TypeNames.Spell(type);
        Walk(type.Stripped == type ? null : type.Stripped, depth - 1, ref budget);
        switch (type)
        {
            case CompoundType compound:
                _ = Osprey.Symbols.Types.Layout.LayoutText.Format(Osprey.Symbols.Types.Layout.TypeLayout.Of(type, 4));
                foreach (Member member in compound.Members)
                    Walk(member.Type, depth - 1, ref budget);

                foreach (BaseClass item in compound.Bases)
                    Walk(item.Type, depth - 1, ref budget);

                foreach (DebugVariable item in compound.Body.Statics)
                    Walk(item.Type, depth - 1, ref budget);

                break;
            case PointerType pointer:
                Walk(pointer.Target, depth - 1, ref budget);
                break;
            case ArrayType array:
                Walk(array.Element, depth - 1, ref budget);
                break;
            case EnumType item:
                _ = item.Enumerators.Count;
                break;
        }
    }

    private static DwarfEntry Unit(int version, int number)
    {
        DwarfForm locationForm = version >= 4 ? DwarfForm.SectionOffset : DwarfForm.Data4;
        DwarfForm blockForm = version >= 4 ? DwarfForm.Expression : DwarfForm.Block;
        DwarfEntry integer = new DwarfEntry(DwarfTag.BaseType)
            .Name("int")
            .With(DwarfAttribute.ByteSize, DwarfForm.Data1, 4)
            .With(DwarfAttribute.Encoding, DwarfForm.Data1, 5);
        DwarfEntry unsigned = new DwarfEntry(DwarfTag.BaseType)
            .Name("unsigned int")
            .With(DwarfAttribute.ByteSize, DwarfForm.Data1, 4)
            .With(DwarfAttribute.Encoding, DwarfForm.Data1, 7);
        DwarfEntry box = new DwarfEntry(DwarfTag.StructureType)
            .Name("box")
            .With(DwarfAttribute.ByteSize, DwarfForm.Data1, 48);
        DwarfEntry pointer = Of(new DwarfEntry(DwarfTag.PointerType), box);
        DwarfEntry array = Of(new DwarfEntry(DwarfTag.ArrayType), integer)
            .Add(
                new DwarfEntry(DwarfTag.SubrangeType).With(DwarfAttribute.UpperBound, DwarfForm.Data1, 1),
                new DwarfEntry(DwarfTag.SubrangeType).With(DwarfAttribute.Count, DwarfForm.Data1, 3)
            );
        DwarfEntry shared = Of(new DwarfEntry(DwarfTag.Member).Name("shared"), integer)
            .With(DwarfAttribute.External, DwarfForm.Flag, 1)
            .With(DwarfAttribute.Declaration, DwarfForm.Flag, 1);
        box.Add(
            Of(new DwarfEntry(DwarfTag.Member).Name("first"), integer)
                .With(DwarfAttribute.MemberLocation, DwarfForm.Data1, 0),
            Of(new DwarfEntry(DwarfTag.Member).Name("bits"), unsigned)
                .With(DwarfAttribute.BitSize, DwarfForm.Data1, 5)
                .With(DwarfAttribute.DataBitOffset, DwarfForm.Data1, 35),
            Of(new DwarfEntry(DwarfTag.Member).Name("old"), unsigned)
                .With(DwarfAttribute.ByteSize, DwarfForm.Data1, 4)
                .With(DwarfAttribute.BitSize, DwarfForm.Data1, 3)
                .With(DwarfAttribute.BitOffset, DwarfForm.Data1, 9)
                .With(DwarfAttribute.MemberLocation, blockForm, new byte[] { 0x23, 4 }),
            Of(new DwarfEntry(DwarfTag.Member).Name("next"), pointer)
                .With(DwarfAttribute.MemberLocation, DwarfForm.Data1, 8),
            Of(new DwarfEntry(DwarfTag.Member).Name("items"), array)
                .With(DwarfAttribute.MemberLocation, DwarfForm.Data1, 16),
            new DwarfEntry(DwarfTag.UnionType)
                .Name("part")
                .With(DwarfAttribute.ByteSize, DwarfForm.Data1, 4)
                .Add(Of(new DwarfEntry(DwarfTag.Member).Name("one"), integer)),
            shared
        );
        DwarfEntry color = Of(
                new DwarfEntry(DwarfTag.EnumerationType)
                    .Name("color")
                    .With(DwarfAttribute.ByteSize, DwarfForm.Data1, 4),
                unsigned
            )
            .Add(
                new DwarfEntry(DwarfTag.Enumerator).Name("red").With(DwarfAttribute.ConstantValue, DwarfForm.Data1, 1),
                new DwarfEntry(DwarfTag.Enumerator)
                    .Name("blue")
                    .With(DwarfAttribute.ConstantValue, DwarfForm.SignedData, 3)
            );
        DwarfEntry alias = Of(new DwarfEntry(DwarfTag.Typedef).Name("alias"), box);
        DwarfEntry one = new DwarfEntry(DwarfTag.Typedef).Name("loop");
        DwarfEntry two = Of(new DwarfEntry(DwarfTag.ConstType), one);
        Of(one, two);
        DwarfEntry self = new DwarfEntry(DwarfTag.StructureType)
            .Name("self")
            .With(DwarfAttribute.ByteSize, DwarfForm.Data1, 8);
        DwarfEntry circle = new DwarfEntry(DwarfTag.StructureType)
            .Name("circle")
            .With(DwarfAttribute.ByteSize, DwarfForm.Data1, 8);
        self.Add(
            Of(new DwarfEntry(DwarfTag.Member).Name("me"), circle)
                .With(DwarfAttribute.MemberLocation, DwarfForm.Data1, 0)
        );
        circle.Add(
            Of(new DwarfEntry(DwarfTag.Inheritance), self).With(DwarfAttribute.MemberLocation, DwarfForm.Data1, 0)
        );
        DwarfEntry space = new DwarfEntry(DwarfTag.Namespace)
            .Name("n")
            .Add(
                box,
                color,
                alias,
                one,
                new DwarfEntry(DwarfTag.StructureType)
                    .Name("unfinished")
                    .With(DwarfAttribute.Declaration, DwarfForm.Flag, 1),
                Of(new DwarfEntry(DwarfTag.Variable).Name("counter"), alias)
                    .With(DwarfAttribute.Location, blockForm, Address(0x2000 + (ulong)number)),
                Of(new DwarfEntry(DwarfTag.Variable).Name("constant"), integer)
                    .With(DwarfAttribute.ConstantValue, DwarfForm.SignedData, -2)
            );
        DwarfEntry root = new DwarfEntry(DwarfTag.CompileUnit)
            .Name("/src/unit.c")
            .With(DwarfAttribute.Language, DwarfForm.Data1, 0x21);
        if (number == 0)
            root.Range(CodeStart, 16);

        root.Add(
            integer,
            unsigned,
            pointer,
            array,
            two,
            self,
            circle,
            space,
            new DwarfEntry(DwarfTag.StructureType)
                .Name("holder<int>")
                .With(DwarfAttribute.ByteSize, DwarfForm.Data1, 1)
                .Add(
                    Of(new DwarfEntry(DwarfTag.TemplateTypeParameter).Name("T"), integer),
                    new DwarfEntry(DwarfTag.GnuTemplateParameterPack)
                        .Name("R")
                        .Add(
                            Of(new DwarfEntry(DwarfTag.TemplateValueParameter), integer)
                                .With(DwarfAttribute.ConstantValue, DwarfForm.Data1, 7)
                        )
                ),
            new DwarfEntry(DwarfTag.Variable)
                .With(DwarfAttribute.Specification, DwarfForm.Reference4, shared)
                .With(DwarfAttribute.Location, blockForm, Address(0x3000))
        );
        if (number == 0)
        {
            root.Add(
                Of(new DwarfEntry(DwarfTag.Subprogram).Name("f"), integer)
                    .Range(CodeStart, 16)
                    .With(DwarfAttribute.FrameBase, blockForm, new byte[] { 0x9c })
                    .Add(
                        Of(new DwarfEntry(DwarfTag.FormalParameter).Name("given"), pointer)
                            .With(DwarfAttribute.Location, locationForm, 0),
                        Of(new DwarfEntry(DwarfTag.Variable).Name("kept"), integer)
                            .With(DwarfAttribute.Location, blockForm, Address(0x4000)),
                        new DwarfEntry(DwarfTag.LexicalBlock)
                            .Range(CodeStart, 8)
                            .Add(
                                Of(new DwarfEntry(DwarfTag.Variable).Name("inner"), color)
                                    .With(DwarfAttribute.Location, blockForm, new byte[] { 0x91, 0x60 })
                            ),
                        new DwarfEntry(DwarfTag.LexicalBlock)
                            .Range(CodeStart + 8, 8)
                            .Add(
                                Of(new DwarfEntry(DwarfTag.Variable).Name("later"), color)
                                    .With(DwarfAttribute.Location, blockForm, new byte[] { 0x91, 0x60 })
                            )
                    )
            );
        }

        return root;
    }

    private static DwarfEntry Of(DwarfEntry entry, DwarfEntry type) =>
        entry.With(DwarfAttribute.Type, DwarfForm.Reference4, type);

    private static byte[] Address(ulong address) => [0x03, .. BitConverter.GetBytes(address)];
}
