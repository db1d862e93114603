using Osprey.Symbols.Dumps;
using Osprey.Tests.Symbols.Sources;

namespace Osprey.Tests.Symbols.Dumps;

public sealed class DumpSymbolSourceTests
{
    private static readonly DumpSymbol[] s_symbols =
    [
        new(
            "large",
            0x2000,
            0x100,
            "l.cc",
            [new DumpLocation(0x20, 7), new DumpLocation(0, 5), new DumpLocation(0x40, 0)]
        ),
        new("undefined", 0, 0, "", []),
        new("first", 0x1000, 0x10, "", []),
        new("nested", 0x2010, 0x10, "", []),
        new("sizeless", 0x3000, 0, "", []),
        new("last", 0x3010, 0, "", []),
    ];

    private static readonly DumpModule[] s_modules =
    [
        new(
            "/hello",
            0x10_0000_0000,
            0x5000,
            [new DumpSection(".text", 0x100, 0x2000), new DumpSection(".data", 0x1800, 0x900)]
        ),
        new("/lib", 0x1000, 0x3000, [new DumpSection(".note", 0, 0x10)]),
    ];

    [Fact]
    public void TryResolve_Address_HasTheInnermostSymbolElseTheModule()
    {
        var source = new DumpSymbolSource(s_symbols, s_modules);
        string[] expected =
        [
            "0xfff: unknown",
            "0x1000: first+0x0 (0x001000) ?:?",
            "0x100f: first+0xf (0x00100f) ?:?",
            "0x1010: /lib+0x10 (0x001010) ?:?",
            "0x2000: large+0x0 (0x002000) l.cc:5",
            "0x2010: nested+0x0 (0x002010) ?:?",
            "0x2020: large+0x20 (0x002020) l.cc:7",
            "0x2050: large+0x50 (0x002050) l.cc:?",
            "0x300f: sizeless+0xf (0x00300f) ?:?",
            "0x3010: last+0x0 (0x003010) ?:?",
            "0x3011: /lib+0x2011 (0x003011) ?:?",
            "0x4000: unknown",
            "0x1000004443: /hello+0x4443 (0x1000004443) ?:?",
        ];
        Assert.Equal(expected, expected.Select(line => ElfSymbolSourceTests.Describe(source, line)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void TryResolve_KernelWithoutASymbolThere_HasNoName(bool isBare)
    {
        var source = new DumpSymbolSource(
            [new("first", 0x1000, 0x10, "", []), new("", 0x1020, 0x10, "", [])],
            [new("", 0, 0x5000, [])],
            isBare
        );

        foreach (string address in (string[])["0x1010", "0x1020", "0x4fff"])
            Assert.Equal($"{address}: unknown", ElfSymbolSourceTests.Describe(source, address + ":"));
    }

    [Fact]
    public void TryResolve_Compatible_HasTheQuirksOfTheReference()
    {
        var source = new CompatibleDumpSymbolSource(s_symbols, s_modules);
        string[] expected =
        [
            "0x0: unknown",
            // The start belongs to the symbol before: the undefined one, which is the lowest
            "0x1000: .text+0xf00 (0x001000) /hello:?",
            "0x1001: first+0x1 (0x001001) :?",
            "0x2000: .data+0x800 (0x002000) /hello:?",
            "0x2010: large+0x10 (0x002010) l.cc:?",
            "0x2011: nested+0x1 (0x002011) :?",
            "0x2050: .data+0x850 (0x002050) /hello:?", // "nested" hides "large"
            "0x3010: unknown",
            "0x1001: first+0x1 (0x001001) :?",
            "0x1000000000: unknown",
            "0x1000000001: /hello+0x1 (0x1000000001) ?:?",
            "0x3fff: unknown", // the lowest module is never used
        ];
        Assert.Equal(
            expected.Select(line => line.Split(" //")[0]),
            expected.Select(line => ElfSymbolSourceTests.Describe(source, line))
        );
    }

    [Fact]
    public void TryResolve_RandomTables_AgreesWithASearchThroughAll()
    {
        var random = new Random(1);
        for (int round = 0; round < 200; round++)
        {
            DumpSymbol[] symbols =
            [
                .. Enumerable
                    .Range(0, random.Next(12))
                    .Select(i => new DumpSymbol($"s{i}", (ulong)random.Next(1, 60), (ulong)random.Next(1, 20), "", [])),
            ];
            var source = new DumpSymbolSource(symbols, []);
            for (ulong address = 0; address < 90; address++)
            {
                DumpSymbol[] covering =
                [
                    .. symbols.Where(symbol => address >= symbol.Address && address - symbol.Address < symbol.Size),
                ];
                ulong? start = covering.Length == 0 ? null : covering.Max(symbol => symbol.Address);
                string answer = ElfSymbolSourceTests.Describe(source, $"0x{address:x}:");
                if (start is null)
                    Assert.EndsWith("unknown", answer, StringComparison.Ordinal);
                else
                    Assert.Contains($"+0x{address - start:x} (", answer, StringComparison.Ordinal);
            }
        }
    }
}
