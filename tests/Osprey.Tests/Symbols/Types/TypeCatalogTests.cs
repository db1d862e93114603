using Osprey.Symbols;
using Osprey.Symbols.Types;
using Osprey.Symbols.Types.Compounds;
using Osprey.Symbols.Types.Variables;
using Osprey.Tests.Binary;

namespace Osprey.Tests.Symbols.Types;

public sealed class TypeCatalogTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("osprey-test").FullName;

    public void Dispose() => Directory.Delete(_folder, true);

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void Sample_OfEachVersion_IsRead(int version)
    {
        using TypeCatalog catalog = TypeSamples.Open(TypeSamples.Program(version).Build());
        CompoundType? box = catalog.FindType("n::box") as CompoundType;
        Assert.Empty(catalog.Diagnostics);
        Assert.NotNull(box);
        Assert.Equal(
            [
                "first 0 ",
                "bits 4 MemberBits { Shift = 3, Count = 5 }",
                "old 6 MemberBits { Shift = 4, Count = 3 }",
                "next 8 ",
                "items 16 ",
            ],
            box.Members.Select(item => $"{item.Name} {item.Offset} {item.Bits}")
        );
        Assert.Equal("int items[2][3]", TypeNames.SpellDeclaration(box.Members[4].Type, "items"));
        Assert.Same(box, ((PointerType)box.Members[3].Type).Target);
        Assert.Equal(new VariableLocation.Static(0x3000), Assert.Single(box.Body.Statics).Location);
        Assert.Equal(new VariableLocation.Static(0x3000), catalog.FindVariable("n::box::shared")!.Location);
        Assert.Equal(new VariableLocation.Static(0x2000), catalog.FindVariable("n::counter")!.Location);
        Assert.Equal(
            [0xfe, 0xff, 0xff, 0xff],
            ((VariableLocation.Constant)catalog.FindVariable("n::constant")!.Location).Bytes.ToArray()
        );
        Assert.Equal(new VariableLocation.Static(0x4000), catalog.FindVariable("f::kept")!.Location);
        Assert.Equal(3, catalog.FindEnumerator("n::blue")!.Value.Enumerator.Value);
        Assert.True(((CompoundType)catalog.FindType("n::unfinished")!).IsDeclaration);
        TemplateArgument[] arguments = [.. ((CompoundType)catalog.FindType("holder<int>")!).Body.TemplateArguments];
        Assert.Equal(
            ["T int ", " int 7"],
            arguments.Select(item => $"{item.Name} {TypeNames.Spell(item.Type)} {item.Value}")
        );

        DebugScope scope = Assert.Single(catalog.FindScopes(TypeSamples.CodeStart + 4));
        Assert.Equal(["given", "inner", "kept"], scope.Variables.Select(item => item.Name));
        var list = Assert.IsType<VariableLocation.List>(scope.Variables[0].Location);
        Assert.Equal(
            ["1000-1008 55", "1008-1010 9170"],
            list.Ranges.Select(range => $"{range.Start:x}-{range.End:x} {Convert.ToHexString(range.Expression.Span)}")
        );
        Assert.Equal(
            ["given", "later", "kept"],
            Assert.Single(catalog.FindScopes(TypeSamples.CodeStart + 9)).Variables.Select(item => item.Name)
        );
        Assert.Empty(catalog.FindScopes(0x9999));
    }

    [Fact]
    public void Sample_TypesThatHoldThemselves_AreCutAndSaid()
    {
        using TypeCatalog catalog = TypeSamples.Open(TypeSamples.Program(5).Build());
        Assert.Null(catalog.FindType("n::loop")!.Size);
        Assert.IsType<UnspecifiedType>(((TypedefType)catalog.FindType("n::loop")!).Target);
        var self = (CompoundType)catalog.FindType("self")!;
        Assert.IsType<UnspecifiedType>(Assert.Single(self.Members).Type);
        Assert.Contains(
            catalog.Diagnostics,
            item => item.Message.Contains("a class that holds itself", StringComparison.Ordinal)
        );
        Assert.Contains(
            catalog.Diagnostics,
            item => item.Message.Contains("a circle of types", StringComparison.Ordinal)
        );
        Assert.True(TypeSamples.Walk(catalog) > 50);
    }

    [Theory]
    [Trait("Category", "Slow")]
    [InlineData(4, ".debug_info")]
    [InlineData(4, ".debug_abbrev")]
    [InlineData(4, ".debug_loc")]
    [InlineData(5, ".debug_info")]
    [InlineData(5, ".debug_abbrev")]
    [InlineData(5, ".debug_loclists")]
    public void Sample_SectionCutOrChangedAnywhere_GivesAnswersOrNone(int version, string damaged)
    {
        Dictionary<string, byte[]> sections = new(TypeSamples.Program(version, 4).Build());
        byte[] good = sections[damaged];
        Mutations.Truncate(good, Read);
        Mutations.Change(good, seed: 11, count: 3_000, Read);

        void Read(byte[] input)
        {
            sections[damaged] = input;
            using TypeCatalog catalog = TypeSamples.Open(sections);
            TypeSamples.Walk(catalog);
        }
    }

    [Fact]
    public void Cache_DamagedAnywhere_IsBuiltAnew()
    {
        IReadOnlyDictionary<string, byte[]> sections = TypeSamples.Program(5, 1).Build();
        var options = new SymbolizerOptions { CacheDirectory = _folder };
        Find();
        string file = Assert.Single(Directory.GetFiles(_folder, "*.names"));
        byte[] good = File.ReadAllBytes(file);
        for (int i = 0; i < good.Length; i += i < 80 ? 1 : 37)
        {
            byte[] bad = [.. good];
            bad[i] ^= 0x55;
            Replace(bad);
            Find();
            Replace(good[..i]);
            Find();
            Assert.Equal(good, File.ReadAllBytes(file));
        }

        // A file that a reader has mapped is replaced, never written to.
        void Replace(byte[] bytes)
        {
            File.Delete(file);
            File.WriteAllBytes(file, bytes);
        }

        void Find()
        {
            using TypeCatalog catalog = TypeSamples.Open(sections, options);
            Assert.Equal(48UL, catalog.FindType("n::box")!.Size);
            Assert.Null(catalog.FindType("n::bax"));
        }
    }

    [Fact]
    public void Cache_SecondTime_IsUsedAsItIs()
    {
        IReadOnlyDictionary<string, byte[]> sections = TypeSamples.Program(5).Build();
        var options = new SymbolizerOptions { CacheDirectory = _folder };
        using (TypeCatalog first = TypeSamples.Open(sections, options))
            Assert.NotNull(first.FindType("n::box"));

        string file = Assert.Single(Directory.GetFiles(_folder, "*.names"));
        DateTime time = File.GetLastWriteTimeUtc(file);
        using TypeCatalog second = TypeSamples.Open(sections, options);
        Assert.True(TypeSamples.Walk(second) > 50);
        Assert.Equal(time, File.GetLastWriteTimeUtc(file));
    }

    [Fact]
    public void NoDebugInfo_EveryQuestion_HasNoAnswer()
    {
        using TypeCatalog catalog = TypeSamples.Open(new Dictionary<string, byte[]>());
        Assert.Null(catalog.FindType("int"));
        Assert.Null(catalog.FindVariable("a"));
        Assert.Null(catalog.FindFunction("a"));
        Assert.Null(catalog.FindEnumerator("a"));
        Assert.Empty(catalog.FindScopes(0));
    }
}
