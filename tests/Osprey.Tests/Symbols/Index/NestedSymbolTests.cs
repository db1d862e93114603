using Osprey.Symbols.Index;

namespace Osprey.Tests.Symbols.Index;

/// <summary>Symbols that lie in the range of others.</summary>
public sealed class NestedSymbolTests
{
    [Fact]
    public void Find_BehindTheInnerSymbol_IsTheOuterOne()
    {
        SymbolTableIndex index = Create((0x10, 0x20), (0x18, 4), (0x1a, 1), (0x40, 4));
        int[] found = [.. Enumerable.Range(0x0f, 0x37).Select(address => index.Find((ulong)address))];
        int[] expected =
        [
            -1,
            .. Enumerable.Repeat(0, 8),
            1,
            1,
            2,
            1,
            .. Enumerable.Repeat(0, 0x14),
            .. Enumerable.Repeat(-1, 0x10),
            .. Enumerable.Repeat(3, 4),
            -1,
            -1,
        ];
        Assert.Equal(expected, found);
    }

    [Fact]
    public void Find_RandomRanges_IsTheLastThatStartsAndCovers()
    {
        var random = new Random(10);
        for (int round = 0; round < 500; round++)
        {
            (ulong Address, ulong Size)[] symbols =
            [
                .. Enumerable
                    .Range(0, random.Next(1, 30))
                    .Select(_ => (Address: (ulong)random.Next(100), Size: (ulong)random.Next(1, 40)))
                    .DistinctBy(symbol => symbol.Address)
                    .OrderBy(symbol => symbol.Address),
            ];
            SymbolTableIndex index = Create(symbols);
            for (ulong address = 0; address < 150; address++)
            {
                int expected = Array.FindLastIndex(
                    symbols,
                    symbol => address >= symbol.Address && address - symbol.Address < symbol.Size
                );
                Assert.Equal(expected, index.Find(address));
            }
        }
    }

    [Fact]
    public void Find_SizesThatReachPastTheLastAddress_EndsWithAnAnswer()
    {
        SymbolTableIndex index = Create((0, ulong.MaxValue), (8, ulong.MaxValue), (16, 4), (ulong.MaxValue, 9));
        Assert.Equal([0, 1, 2, 1, 3], ((ulong[])[7, 8, 19, 20, ulong.MaxValue]).Select(index.Find));
    }

    [Fact]
    public void Find_LongNesting_EndsWithoutAnAnswer()
    {
        (ulong, ulong)[] symbols = [.. Enumerable.Range(0, 5_000).Select(i => ((ulong)i, 20_000UL - (2 * (ulong)i)))];
        Assert.Equal(-1, Create(symbols).Find(19_999));
        Assert.Equal(4_999, Create(symbols).Find(5_000));
    }

    private static SymbolTableIndex Create(params (ulong Address, ulong Size)[] symbols) =>
        new(
            [.. symbols.Select(symbol => symbol.Address)],
            [.. symbols.Select(symbol => symbol.Size)],
            new uint[symbols.Length],
            new uint[symbols.Length]
        );
}
