using Osprey.Binary.Elf.Symbols;
using Osprey.Symbols;
using Osprey.Tests.Builders.Dwarf;

namespace Osprey.Tests.Symbols.Sources;

public class FindSymbolsTests
{
    [Theory]
    [InlineData("main", "main@1000")]
    [InlineData("_ZN5sched3cpu8scheduleEv", "_ZN5sched3cpu8scheduleEv@1010")]
    [InlineData("sched::cpu::schedule", "sched::cpu::schedule()@1010")]
    [InlineData("sched::cpu::schedule()", "sched::cpu::schedule()@1010")]
    [InlineData("sched::cpu", "")]
    [InlineData("schedule", "")]
    [InlineData("wait", "wait(int)@1020; wait(char const*)@1030")]
    [InlineData("wait(int)", "wait(int)@1020")]
    [InlineData("wait(", "")]
    [InlineData("sched::cpus", "sched::cpus@1040")]
    [InlineData("operator new", "operator new(unsigned long)@1050")]
    [InlineData("local_thread", "")]
    [InlineData("elsewhere", "")]
    [InlineData("", "")]
    [InlineData("(", "")]
    [InlineData("<", "")]
    [InlineData("a(b<c", "")]
    [InlineData("::", "")]
    public void FindSymbols_AnyWayToWriteIt_GivesAllThatItMeans(string name, string expected)
    {
        var builder = new ElfBuilder();
        ushort text = builder.AddText(0x1000, new byte[0x100]);
        builder
            .AddSymbol("main", 0x1000, 16, section: text)
            .AddSymbol("_ZN5sched3cpu8scheduleEv", 0x1010, 16, section: text)
            .AddSymbol("_Z4waiti", 0x1020, 16, section: text)
            .AddSymbol("_Z4waitPKc", 0x1030, 16, section: text)
            .AddSymbol("_ZN5sched4cpusE", 0x1040, 8, ElfSymbolType.Object, section: text)
            .AddSymbol("_Znwm", 0x1050, 8, section: text)
            .AddSymbol("_Z4waiti.cold", 0x1060, 8, section: text)
            .AddSymbol("local_thread", 0x10, 8, ElfSymbolType.ThreadLocal, section: text)
            .AddSymbol("elsewhere", 0, 0, section: 0);
        string path = Path.Combine(Path.GetTempPath(), $"osprey-{Guid.NewGuid():n}.elf");
        File.WriteAllBytes(path, builder.Build());
        try
        {
            using var symbolizer = new Symbolizer(ElfSymbolSourceTests.NoCache);
            symbolizer.AddElf(path);
            Assert.Equal(
                expected,
                string.Join("; ", symbolizer.FindSymbols(name).Select(symbol => $"{symbol.Name}@{symbol.Address:x}"))
            );
        }
        finally
        {
            File.Delete(path);
        }
    }
}
