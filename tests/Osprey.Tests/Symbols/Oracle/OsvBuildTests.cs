using Osprey.Binary.Elf;
using Osprey.Symbols;
using Osprey.Symbols.Sources;

namespace Osprey.Tests.Symbols.Oracle;

/// <summary>Compares a whole OSv kernel with the answers of <c>llvm-symbolizer</c>.</summary>
public sealed class OsvBuildTests
{
    [OsvBuildFact("llvm-symbolizer", "addr2line")]
    [Trait("Category", "Slow")]
    public void Loader_TenThousandAddresses_AgreeWithTheOracle()
    {
        var options = new SymbolizerOptions { UseCache = false, Demangle = false };
        using ElfSymbolSource source = ElfSymbolSource.Open(OsvBuild.Loader, null, options);
        ElfSection text = source.Image.FindSection(".text")!;
        var random = new Random(1);
        ulong[] addresses =
        [
            .. Enumerable.Range(0, 10_000).Select(_ => text.LinkAddress + (ulong)random.NextInt64((long)text.Size)),
        ];
        var comparison = new OracleComparison(OsvBuild.Loader, source);
        List<string> differences = comparison.Compare(addresses);
        Assert.True(differences.Count == 0, $"{differences.Count} differ:\n{string.Join('\n', differences.Take(10))}");
        Assert.InRange(comparison.FrameCount, 15_000, int.MaxValue);
        Assert.Empty(source.Diagnostics);
    }
}
