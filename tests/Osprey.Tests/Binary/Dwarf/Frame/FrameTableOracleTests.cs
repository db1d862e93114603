using Osprey.Binary.Dwarf.Frame;
using Osprey.Tests.Symbols.Oracle;

namespace Osprey.Tests.Binary.Dwarf.Frame;

/// <summary>Compares the call frame information of real files with readelf's output.</summary>
public sealed class FrameTableOracleTests
{
    [ToolTheory("readelf")]
    [InlineData("/bin/ls", 100)]
    [InlineData("/lib/x86_64-linux-gnu/libc.so.6", 3_000)]
    [InlineData("/lib64/ld-linux-x86-64.so.2", 100)]
    public void EhFrame_OfSystemFiles_AgreesWithReadelf(string path, int least) =>
        Check(path, FrameSectionKind.EhFrame, least);

    [OsvBuildFact("readelf")]
    [Trait("Category", "Slow")]
    public void EhFrame_OfTheKernel_AgreesWithReadelf() => Check(OsvBuild.Loader, FrameSectionKind.EhFrame, 10_000);

    [OsvBuildFact("readelf")]
    public void DebugFrame_OfTheKernel_AgreesWithReadelf() => Check(OsvBuild.Loader, FrameSectionKind.DebugFrame, 5);

    private static void Check(string path, FrameSectionKind kind, int least)
    {
        if (!File.Exists(path))
            return;

        (List<string> differences, int entries, int rows) = ReadelfFrames.Compare(path, kind);

        Assert.True(differences.Count == 0, string.Join('\n', differences));
        Assert.InRange(entries, least, int.MaxValue);
        Assert.InRange(rows, entries, int.MaxValue);
    }
}
