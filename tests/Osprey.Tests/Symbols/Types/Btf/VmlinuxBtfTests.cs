using Osprey.Binary.Elf;
using Osprey.Symbols;
using Osprey.Symbols.Types;
using Osprey.Symbols.Types.Btf;
using Osprey.Symbols.Types.Compounds;
using Osprey.Tests.Symbols.Oracle;
using Xunit.Abstractions;

namespace Osprey.Tests.Symbols.Types.Btf;

/// <summary>Compares the types of a whole Linux kernel by its BTF with those by its DWARF.</summary>
public sealed class VmlinuxBtfTests(ITestOutputHelper output)
{
    [VmlinuxFact]
    [Trait("Category", "Slow")]
    public void Vmlinux_TypesOfItsBtf_AreThoseOfItsDwarf()
    {
        NamedTypeSurvey survey;
        using (var image = ElfImage.Open(VmlinuxFactAttribute.Vmlinux))
            survey = new NamedTypeSurvey(image);

        using var file = ElfImage.Open(VmlinuxFactAttribute.Vmlinux);
        BtfTypeSource btf = BtfTypeSource.Read(file.GetContent(file.FindSection(".BTF")!), ".BTF");
        using TypeCatalog dwarf = TypeCatalog.Open(
            VmlinuxFactAttribute.Vmlinux,
            new SymbolizerOptions { UseCache = false }
        );
        var comparison = new TypeComparison();
        int missing = 0;
        int local = 0;
        foreach (string name in survey.Unambiguous)
        {
            // A type that is local to a function is not found by its name in DWARF; one that nothing of the kernel
            // refers to is not in BTF.
            DebugType? found = btf.FindType(name);
            DebugType? wanted = dwarf.FindType(name);
            if (wanted is null)
                local++;
            else if (found is null or CompoundType { IsDeclaration: true })
                missing++;
            else
                comparison.Compare(name, found, wanted);
        }

        output.WriteLine(
            $"{btf.TypeCount} types in {btf.Size} bytes; {comparison.Types} named structs, unions and enums compared, "
                + $"{comparison.Nameless} nameless ones within them, {comparison.Members} members, "
                + $"{comparison.BitFields} bit fields, {comparison.Enumerators} enumerators; {missing} are not in BTF, "
                + $"{local} are local to functions, "
                + $"{survey.AmbiguousCount} names have several meanings; arrays of several dimensions are flat in "
                + $"{comparison.FlatArrays} spellings, open-ended ones have no elements in {comparison.EmptyArrays}, "
                + $"{comparison.Differences.Count} differ"
        );
        Assert.True(
            comparison.Differences.Count == 0,
            $"{comparison.Differences.Count} differ:\n{string.Join('\n', comparison.Differences.Take(60))}"
        );
        Assert.True(
            comparison.Types > 5_000 && comparison.Members > 40_000 && comparison.BitFields > 500,
            $"{comparison.Types} {comparison.Members} {comparison.BitFields}"
        );
        Assert.True(missing < survey.Unambiguous.Count() / 10, $"{missing} missing");
        Assert.True(local < 100, $"{local} local");
    }
}
