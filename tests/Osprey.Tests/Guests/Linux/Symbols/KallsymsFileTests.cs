using Osprey.Binary.Elf;
using Osprey.Guests.Linux.Symbols;
using Osprey.Guests.Programs;
using Osprey.Session.Answers.Guests;
using Osprey.Session.Guests;
using Osprey.Symbols;
using Osprey.Symbols.Modules;
using Osprey.Tests.Builders.Dwarf;
using Osprey.Tests.Builders.Guests;

namespace Osprey.Tests.Guests.Linux.Symbols;

/// <summary>The table that a kernel keeps of itself, out of the kernel's file.</summary>
public sealed class KallsymsFileTests : IDisposable
{
    private const ulong Start = KallsymsBuilder.Start;

    private readonly string _folder = Directory.CreateTempSubdirectory("osprey-test").FullName;

    public void Dispose() => Directory.Delete(_folder, true);

    [Theory]
    [InlineData(KallsymsLayout.Offsets, 0)]
    [InlineData(KallsymsLayout.Offsets, 0x1460_0000)]
    [InlineData(KallsymsLayout.Addresses, 0x1460_0000)]
    [InlineData(KallsymsLayout.OffsetsBehind, -0x1160_0000)]
    public void Table_OfAStrippedKernel_IsMovedAsTheKernelWas(KallsymsLayout layout, long moved)
    {
        var kernel = new KallsymsBuilder(4, 900, perCpu: true, longest: 60);
        using ElfImage image = Make(kernel, layout).BuildImage();
        var bias = new LoadBias(unchecked((ulong)moved)) { KeptBelow = 0xffff_ffff_8000_0000 };
        ISymbolTable table = KallsymsFile.Find(image, bias)!;
        Assert.Equal(
            kernel.Symbols.Select(symbol =>
                (symbol.Name, symbol.Address < Start ? symbol.Address : unchecked(symbol.Address + (ulong)moved))
            ),
            table.ListSymbols().Select(symbol => (symbol.Name, symbol.Address))
        );
    }

    [Fact]
    public void Table_IsNotSearchedForWhereTheFileHasSymbols()
    {
        var kernel = new KallsymsBuilder(4, 900, perCpu: true, longest: 60);
        ElfBuilder elf = Make(kernel, KallsymsLayout.Offsets);
        Assert.NotNull(KernelFileSymbols.Find(elf.BuildImage()));
        elf.AddSymbol("schedule", Start, 1);
        Assert.Null(KernelFileSymbols.Find(elf.BuildImage()));

        var program = new ElfBuilder();
        program.AddText(0x400000, kernel.Build(KallsymsLayout.Offsets));
        Assert.Null(KernelFileSymbols.Find(program.BuildImage()));
    }

    [Fact]
    public void Symbols_OfABootImageWithoutAGuest_AreTheKernels()
    {
        var kernel = new KallsymsBuilder(9, 700, perCpu: false, longest: 60);
        string path = Path.Combine(_folder, "vmlinuz");
        byte[] elf = Make(kernel, KallsymsLayout.Offsets).Build();
        File.WriteAllBytes(path, new BootImageBuilder().Build(BootImageBuilder.Gzip(elf)));
        using var symbols = new FileSymbols(new GuestSettings { ExecutablePath = path, NoCache = true });
        SymbolAnswer answer = symbols.Ask("schedule");
        string first = kernel.Symbols.First(symbol => symbol.Address == Start + 0x100).Name;
        Assert.Equal((Start + 0x100, path), (answer.Address, answer.Module));
        Assert.Equal([first], answer.Frames.Select(frame => frame.Name));
    }

    private static ElfBuilder Make(KallsymsBuilder kernel, KallsymsLayout layout)
    {
        var elf = new ElfBuilder();
        elf.AddText(Start, kernel.Build(layout));
        return elf;
    }
}
