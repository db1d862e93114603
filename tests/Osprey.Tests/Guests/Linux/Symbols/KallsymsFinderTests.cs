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
