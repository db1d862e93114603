using Osprey.Binary;
using Osprey.Binary.Elf;
using Osprey.Symbols;
using Osprey.Symbols.Sources;
using Osprey.Tests.Builders.Dwarf;
using Osprey.Tests.Symbols.Sources;

namespace Osprey.Tests.Symbols.Index;

public sealed class IndexCacheTests : IDisposable
{
    private const string Expected = "0x1100: (anonymous namespace)::other() /src/main.cc:71";

    private readonly string _folder = Directory.CreateTempSubdirectory("osprey-test").FullName;
    private readonly SymbolizerOptions _options;

    public IndexCacheTests() => _options = new SymbolizerOptions { CacheDirectory = Path.Combine(_folder, "cache") };

    private string[] Files => FilesOf("*.index");

    public void Dispose() => Directory.Delete(_folder, true);

    [Fact]
    public void Resolve_SecondTime_ReadsTheIndexThatWasWritten()
    {
        Assert.Equal(Expected, Resolve(Sample()));
        string file = Assert.Single(Files);
        Assert.StartsWith("0badcafe-", Path.GetFileName(file), StringComparison.Ordinal);
        byte[] first = File.ReadAllBytes(file);
        DateTime time = File.GetLastWriteTimeUtc(file);
        Assert.Equal(Expected, Resolve(Sample()));
        Assert.Equal(
            (time, first.Length),
            (File.GetLastWriteTimeUtc(Assert.Single(Files)), File.ReadAllBytes(file).Length)
        );
    }

    [Fact]
    public void Resolve_IndexDamagedAnywhere_IsBuiltAnew()
    {
        Resolve(Sample());
        string file = Assert.Single(Files);
        byte[] good = File.ReadAllBytes(file);
        for (int i = 0; i < good.Length; i++)
        {
            // Answers that were kept would make the index needless.
            Assert.All(FilesOf("*.lookups"), File.Delete);
            byte[] bad = [.. good];
            bad[i] ^= 0x55;
            File.WriteAllBytes(file, bad);
            Assert.Equal(Expected, Resolve(Sample()));
            Assert.All(FilesOf("*.lookups"), File.Delete);
            File.WriteAllBytes(file, good[..i]);
            Assert.Equal(Expected, Resolve(Sample()));
            Assert.Equal(good, File.ReadAllBytes(file));
        }
    }

    [Fact]
    public void Resolve_SecondTime_AnswersWithoutTheIndex()
    {
        Resolve(Sample());
        File.WriteAllText(Assert.Single(Files), "no index");
        Assert.Equal(Expected, Resolve(Sample()));
        Assert.Equal("no index", File.ReadAllText(Assert.Single(Files)));
    }

    [Fact]
    public void Resolve_AnswersDamagedAnywhere_AreFoundAnew()
    {
        Resolve(Sample());
        string file = Assert.Single(FilesOf("*.lookups"));
        byte[] good = File.ReadAllBytes(file);
        for (int i = 0; i < good.Length; i++)
        {
            byte[] bad = [.. good];
            bad[i] ^= 0x55;
            File.WriteAllBytes(file, bad);
            Assert.Equal(Expected, Resolve(Sample()));
            File.WriteAllBytes(file, good[..i]);
            Assert.Equal(Expected, Resolve(Sample()));
            Assert.Equal(good, File.ReadAllBytes(file));
        }
    }

    [Fact]
    public void Resolve_OtherOptions_KeepsNoAnswers()
    {
        using var source = ElfSymbolSource.FromImage(Sample().BuildImage(), null, _options with { Demangle = false });
        Assert.NotEqual(Expected, ElfSymbolSourceTests.Describe(source, Expected));
        source.Dispose();
        Assert.Equal(Expected, Resolve(Sample()));
    }

    [Fact]
    public void Resolve_DebugInfoWithAFault_IsReportedEachTime()
    {
        byte[] file = Sample().Build();
        using (ElfImage good = ElfImage.Parse(new MemoryByteSource("test.elf", file)))
            file[good.FindSection(".debug_line")!.Offset + 4] = 99; // the table's version

        for (int i = 0; i < 2; i++)
        {
            using ElfImage image = ElfImage.Parse(new MemoryByteSource("test.elf", file));
            using var source = ElfSymbolSource.FromImage(image, null, _options);
            ElfSymbolSourceTests.Describe(source, Expected);
            Assert.NotEmpty(source.Diagnostics);
        }

        Assert.Empty(FilesOf("*.lookups"));
    }

    [Fact]
    public void Resolve_OtherFileOfTheSameBuild_HasItsOwnIndex()
    {
        Resolve(Sample());
        ElfBuilder other = Sample();
        other.AddSection(".comment", [1, 2, 3]);
        Assert.Equal(Expected, Resolve(other));
        Assert.Equal(2, Files.Length);
    }

    [Fact]
    public void Resolve_FileWithoutBuildId_IsKnownByPlaceAndTime()
    {
        string path = Path.Combine(_folder, "a.elf");
        File.WriteAllBytes(path, DwarfSamples.File(5).Build());
        for (int i = 0; i < 2; i++)
        {
            using var source = ElfSymbolSource.Open(path, null, _options);
            Assert.Equal(Expected, ElfSymbolSourceTests.Describe(source, Expected));
            Assert.Single(Files);
        }

        File.SetLastWriteTimeUtc(path, DateTime.UnixEpoch);
        using (var source = ElfSymbolSource.Open(path, null, _options))
            Assert.Equal(Expected, ElfSymbolSourceTests.Describe(source, Expected));

        Assert.Equal(2, Files.Length);
    }

    [Fact]
    public void Resolve_TurnedOff_WritesNothing()
    {
        using var source = ElfSymbolSource.FromImage(Sample().BuildImage(), null, _options with { UseCache = false });
        Assert.Equal(Expected, ElfSymbolSourceTests.Describe(source, Expected));
        Assert.Empty(Files);
    }

    [Fact]
    public void Resolve_FolderThatCannotBeMade_IsNoError()
    {
        File.WriteAllText(_options.CacheDirectory!, "a file");
        Assert.Equal(Expected, Resolve(Sample()));
    }

    private string[] FilesOf(string pattern) =>
        Directory.Exists(_options.CacheDirectory!) ? Directory.GetFiles(_options.CacheDirectory!, pattern) : [];

    private static ElfBuilder Sample() => DwarfSamples.File(5).AddBuildId(0x0b, 0xad, 0xca, 0xfe);

    private string Resolve(ElfBuilder elf)
    {
        using ElfImage image = elf.BuildImage();
        using var source = ElfSymbolSource.FromImage(image, null, _options);
        return ElfSymbolSourceTests.Describe(source, Expected);
    }
}
