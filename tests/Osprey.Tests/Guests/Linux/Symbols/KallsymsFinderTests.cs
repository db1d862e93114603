using Osprey.Guests.Linux;
using Osprey.Guests.Linux.Symbols;
using Osprey.Symbols;
using Osprey.Tests.Builders.Guests;
using Osprey.Tests.Guests.Osv;
using FakeMemory = Osprey.Tests.Values.FakeMemory;

namespace Osprey.Tests.Guests.Linux.Symbols;

public class KallsymsFinderTests
{
    public static TheoryData<KallsymsLayout, bool, int> Cases
    {
        get
        {
            var cases = new TheoryData<KallsymsLayout, bool, int>();
            foreach (KallsymsLayout layout in Enum.GetValues<KallsymsLayout>())
            {
                cases.Add(layout, false, 100);
                if (layout != KallsymsLayout.Distances)
                    cases.Add(layout, true, 100);
            }

            cases.Add(KallsymsLayout.Offsets, true, 500);
            cases.Add(KallsymsLayout.NameOrder, true, 500);
            cases.Add(KallsymsLayout.OffsetsBehind, true, 500);
            cases.Add(KallsymsLayout.OffsetsBehind, false, 500);
            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Find_EachLayout_GivesAllSymbols(KallsymsLayout layout, bool perCpu, int longest)
    {
        for (int seed = 1; seed <= 20; seed++)
        {
            var kernel = new KallsymsBuilder(seed, 257 + (seed * 97), perCpu, longest);
            KallsymsTable? found = Find(kernel.Build(layout));
            Assert.True(found is not null, $"seed {seed}");
            Assert.Equal(
                kernel.Symbols,
                Enumerable.Range(0, found.Count).Select(i => (found.Addresses[i], found.GetKind(i), found.GetName(i)))
            );
        }
    }

    [Fact]
    public void Find_ABannerElsewhere_IsNothing()
    {
        var kernel = new KallsymsBuilder(1, 1000, perCpu: true, longest: 100);
        byte[] image = kernel.Build(KallsymsLayout.Offsets);
        image[kernel.Symbols.Single(symbol => symbol.Name == "linux_banner").Address - KallsymsBuilder.Start] = 0;
        Assert.Null(Find(image));
    }

    [Fact]
    public void Find_TheTablesInTwoPartsOfMemoryWithAGap_IsNoProblemBeforeThem()
    {
        var kernel = new KallsymsBuilder(3, 1000, perCpu: true, longest: 100);
        var memory = new Tests.Values.OverlaidMemory(
            new FakeMemory(KallsymsBuilder.Start, kernel.Build(KallsymsLayout.OffsetsBehind))
        );
        memory.Hide(KallsymsBuilder.Start + 0x4000, 0x1000);
        Assert.Equal(1000, KallsymsFinder.Find(memory, KallsymsBuilder.Start)?.Count);
    }

    /// <summary>A wrong idea of where the table is costs time, and changes nothing.</summary>
    [Theory]
    [InlineData(KallsymsLayout.Offsets)]
    [InlineData(KallsymsLayout.NameOrder)]
    [InlineData(KallsymsLayout.Distances)]
    public void Find_WhereverItBegins_GivesTheSameSymbols(KallsymsLayout layout)
    {
        var kernel = new KallsymsBuilder(13, 900, perCpu: layout != KallsymsLayout.Distances, longest: 300);
        var memory = new FakeMemory(KallsymsBuilder.Start, kernel.Build(layout));
        ulong end = kernel.Places["end"] & ~0xfffUL;
        foreach (
            ulong likely in (ulong[])
                [0, 1, KallsymsBuilder.Start + 0x5000, end, end + 0x100_0000, KallsymsBuilder.Start - 1, ulong.MaxValue]
        )
        {
            KallsymsTable? found = KallsymsFinder.Find(memory, KallsymsBuilder.Start, likely);
            Assert.True(found is not null, $"from 0x{likely:x}");
            Assert.Equal(
                kernel.Symbols,
                Enumerable.Range(0, found.Count).Select(i => (found.Addresses[i], found.GetKind(i), found.GetName(i)))
            );
        }
    }

    /// <summary>A token of each length, one byte and more than are copied at once, gives the same text.</summary>
    [Fact]
    public void Expand_OfEachLength_WritesTheTextAndKeepsToItsLimit()
    {
        string[] texts =
        [
            .. Enumerable
                .Range(0, 256)
                .Select(code =>
                    code is >= '0' and <= '9'
                        ? ((char)code).ToString()
                        : new string((char)('a' + (code % 26)), 1 + (code % 40))
                ),
        ];
        var image = new List<byte>(new byte[0x1000]);
        var index = new List<byte>();
        int start = image.Count;
        foreach (string text in texts)
        {
            int offset = image.Count - start;
            index.AddRange([(byte)(offset & 0xff), (byte)(offset >> 8)]);
            image.AddRange([.. System.Text.Encoding.ASCII.GetBytes(text), 0]);
        }

        int digits = start + texts[..'0'].Sum(text => text.Length + 1);
        image.AddRange(new byte[(8 - (image.Count % 8)) % 8]);
        image.AddRange(index);
        image.AddRange(new byte[1024]);
        var memory = new FakeMemory(KallsymsBuilder.Start, [.. image]);
        KallsymsTokens? tokens = KallsymsTokens.TryRead(
            new LinuxImage(memory, KallsymsBuilder.Start),
            KallsymsBuilder.Start + (ulong)digits
        );
        Assert.NotNull(tokens);
        var random = new Random(17);
        for (int i = 0; i < 2000; i++)
        {
            byte[] codes = [.. Enumerable.Range(0, random.Next(0, 12)).Select(_ => (byte)random.Next(256))];
            string expected = string.Concat(codes.Select(code => texts[code]));
            byte[] written = new byte[3 + expected.Length + KallsymsTokens.Slack];
            int end = tokens.Expand(codes, written, 3, 3 + expected.Length);
            Assert.Equal(3 + expected.Length, end);
            Assert.Equal(expected, System.Text.Encoding.ASCII.GetString(written, 3, expected.Length));
            if (expected.Length > 0)
                Assert.Equal(-1, tokens.Expand(codes, written, 3, 2 + expected.Length));
        }
    }

    /// <summary>Whatever is cut off, nothing else is thrown and nothing wrong is found.</summary>
    [Theory]
    [InlineData(KallsymsLayout.Offsets)]
    [InlineData(KallsymsLayout.OffsetsBehind)]
    public void Find_ImagesCutShort_GiveNothingOrAll(KallsymsLayout layout)
    {
        var kernel = new KallsymsBuilder(5, 300, perCpu: true, longest: 100);
        byte[] image = kernel.Build(layout);
        int last = (int)(
            kernel.Places[layout == KallsymsLayout.Offsets ? "end" : "seqs_of_names"] - KallsymsBuilder.Start
        );
        for (int size = 0x5000; size < image.Length; size += 7)
            Assert.Equal((size, size >= last), (size, Find(image[..size]) is not null));
    }

    [Fact]
    public void Find_DamagedTables_GivesNothingOrATableInOrder()
    {
        int found = 0;
        int rounds = MemoryDamage.Rounds(200);
        foreach (KallsymsLayout layout in Enum.GetValues<KallsymsLayout>())
        {
            var kernel = new KallsymsBuilder(7, 700, layout != KallsymsLayout.Distances, longest: 300);
            byte[] image = kernel.Build(layout);
            var damage = new MemoryDamage(
                new FakeMemory(KallsymsBuilder.Start, image),
                [.. kernel.Places.Values, .. kernel.Places.Values.Select(place => place + 0x400)]
            );
            for (int i = 0; i < rounds; i++)
            {
                if (KallsymsFinder.Find(damage.Next(), KallsymsBuilder.Start) is not { } table)
                    continue;

                found++;
                Assert.Equal((700, 700), (table.Count, table.Addresses.Length));
                Assert.True(table.Addresses.Zip(table.Addresses.Skip(1), (one, next) => one <= next).All(good => good));
                foreach (ISymbolTable source in (ISymbolTable[])[new KallsymsSymbolSource(table)])
                {
                    Assert.Equal(700, source.Names.Count());
                    Assert.NotEmpty(source.FindSymbols("schedule"));
                    _ = source.FindTableSymbol(table.Addresses[i % 700]);
                }
            }
        }

        Assert.InRange(found, rounds / 10, rounds * 7);
    }

    [Fact]
    public void Symbols_OfATable_ReachToTheNextAddress()
    {
        var kernel = new KallsymsBuilder(11, 900, perCpu: true, longest: 40);
        var source = new KallsymsSymbolSource(Find(kernel.Build(KallsymsLayout.Offsets))!);
        (ulong Address, char Kind, string Name)[] symbols = [.. kernel.Symbols];
        for (int i = 0; i < symbols.Length; i++)
        {
            ulong address = symbols[i].Address;
            ulong next = symbols.Select(symbol => symbol.Address).FirstOrDefault(other => other > address);
            bool isLast = next == 0;
            string first = symbols.First(symbol => symbol.Address == address).Name;
            Assert.Equal(
                symbols.Where(symbol => symbol.Name == symbols[i].Name).Select(symbol => symbol.Address),
                source.FindSymbols(symbols[i].Name).Select(symbol => symbol.Address)
            );

            // The offset of a per-CPU variable is a small number like any other.
            if (address < KallsymsBuilder.Start)
            {
                Assert.Null(source.FindTableSymbol(address));
                Assert.False(source.TryResolve(address, []));
                continue;
            }

            var expected = new TableSymbol(first, address, isLast ? 0 : next - address);
            Assert.Equal(expected, source.FindTableSymbol(address));
            Assert.Equal(
                isLast ? null : expected,
                isLast ? source.FindTableSymbol(address + 1) : source.FindTableSymbol(next - 1)
            );
            var frames = new List<SymbolFrame>();
            Assert.True(source.TryResolve(address, frames));
            Assert.Equal([new SymbolFrame(address, first)], frames);
        }

        Assert.Empty(source.FindSymbols(""));
        Assert.Empty(source.FindSymbols("chedule"));
        Assert.Empty(source.FindSymbols("schedul"));
        Assert.Empty(source.FindSymbols("schedule\0"));
        Assert.Empty(source.FindSymbols(new string('x', 100_000)));
        Assert.Null(source.FindTableSymbol(ulong.MaxValue));
    }

    private static KallsymsTable? Find(byte[] image) =>
        KallsymsFinder.Find(new FakeMemory(KallsymsBuilder.Start, image), KallsymsBuilder.Start);
}
