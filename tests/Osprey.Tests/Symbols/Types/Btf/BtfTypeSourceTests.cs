using System.Text;
using Osprey.Binary;
using Osprey.Symbols;
using Osprey.Symbols.Types;
using Osprey.Symbols.Types.Btf;
using Osprey.Symbols.Types.Compounds;
using Osprey.Symbols.Types.Layout;
using Osprey.Symbols.Types.Variables;
using Osprey.Tests.Binary;
using Osprey.Tests.Builders.Btf;
using Osprey.Tests.Builders.Dwarf;
using Osprey.Tests.Cli;
using Osprey.Tests.Packets;

namespace Osprey.Tests.Symbols.Types.Btf;

public sealed class BtfTypeSourceTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("osprey-test").FullName;

    public void Dispose() => Directory.Delete(_folder, true);

    [Fact]
    public void Types_OfAllKinds_AreShownByTheTypeCommand()
    {
        string path = Path.Combine(_folder, "vmlinux");
        File.WriteAllBytes(path, BtfSamples.Kernel().Build());
        var transcript = new StringBuilder();
        foreach (string name in BtfSamples.Names)
        {
            CommandRun run = CommandRun.Of("type", name, "--exe", path);
            transcript.Append($"$ osprey type '{name}' --exe vmlinux\n{run.Text}{run.Messages}");
        }

        CommandRun opened = CommandRun.Of("type", "task_struct", "--depth", "2", "--json", "--exe", path);
        transcript.Append($"$ osprey type task_struct --depth 2 --json --exe vmlinux\n{opened.Text}{opened.Messages}");
        GoldenFile.Verify(transcript.ToString());
    }

    [Fact]
    public void Types_InTheOtherByteOrder_AreTheSame() =>
        Assert.Equal(Describe(Read(BtfSamples.Kernel())), Describe(Read(BtfSamples.Kernel(bigEndian: true))));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Types_OfAModule_ContinueThoseOfItsKernel(bool bigEndian)
    {
        BtfBuilder kernel = BtfSamples.Kernel(bigEndian);
        BtfTypeSource parent = Read(kernel);
        BtfTypeSource module = BtfTypeSource.Read(BtfSamples.Module(kernel, bigEndian).Build(), "module", parent);

        Assert.Equal(
            """
            /* offset      |    size */
                                         struct device {
            /*      0      |      16 */      struct list_head tasks;
            /*     16      |       8 */      struct task_struct *owner;
                                         }
            /* size: 24 bytes, members: 2, holes: 0 bytes 0 bits, padding: 0 bytes */

            """,
            Show(module, "device_t", 0)
        );
        Assert.Same(parent.FindType("struct list_head"), ((CompoundType)module.FindType("device")!).Members[0].Type);
        Assert.Same(parent.FindType("task_struct"), module.FindType("task_struct"));
        Assert.Equal(8u, module.FindType("struct nowhere")!.Size);
        Assert.Equal(-1, module.FindEnumerator("BLOCK")!.Value.Enumerator.Value);
        Assert.Equal(1, module.FindEnumerator("SLEEPING")!.Value.Enumerator.Value);
        Assert.Equal(parent.TypeCount + 4, module.TypeCount);
        Assert.Null(parent.FindType("device"));
        Assert.Equal(
            "module+0x7c: the strings begin with a name, as in a module's BTF, "
                + "which can be read only with its kernel's",
            Assert
                .Throws<BadDataException>(() => BtfTypeSource.Read(BtfSamples.Module(kernel).Build(), "module"))
                .Message
        );
    }

    [Fact]
    public void Names_OfVariablesFunctionsAndEnumerators_AreFound()
    {
        var symbols = new Dictionary<string, ulong>
        {
            ["wake_up"] = 0xffff_ffff_8100_0000,
            ["current_task"] = 0x1_0040,
        };
        BtfTypeSource known = Read(BtfSamples.Kernel(), name => symbols.TryGetValue(name, out ulong at) ? at : null);
        BtfTypeSource unknown = Read(BtfSamples.Kernel());

        Assert.Equal(
            (0xffff_ffff_8100_0000, "int (struct task_struct *, ...)"),
            (known.FindFunction("wake_up")!.LinkAddress, TypeNames.Spell(known.FindFunction("wake_up")!.Type))
        );
        Assert.Null(unknown.FindFunction("wake_up"));
        Assert.Equal(new VariableLocation.Static(0x1_0040), known.FindVariable("current_task")!.Location);
        Assert.Equal(VariableLocation.None.Instance, unknown.FindVariable("current_task")!.Location);
        Assert.Equal("struct task_struct *", TypeNames.Spell(unknown.FindVariable("current_task")!.Type));
        Assert.Null(known.FindVariable("init_task"));
        Assert.Null(known.FindVariable("task_struct"));
        Assert.Equal(
            [0, uint.MaxValue, uint.MaxValue, -5, 1L << 40, long.MinValue],
            new[] { "RUNNING", "LAST", "mask::ALL", "MINUS", "HIGH", "TOP" }.Select(name =>
                known.FindEnumerator(name)!.Value.Enumerator.Value
            )
        );
        Assert.Null(known.FindEnumerator("state::ALL"));
        Assert.Null(known.FindEnumerator("task_struct"));
        Assert.True(known.IsC);
        Assert.Empty(known.FindScopes(0));
    }

    [Fact]
    public void Enumerations_OfAnOldKernel_AreSigned()
    {
        // Before there were signed ones by a flag, and 64-bit ones, the values were signed.
        var btf = new BtfBuilder();
        btf.Enum("state", 4, false, ("LAST", -1));

        Assert.Equal(-1, Read(btf).FindEnumerator("LAST")!.Value.Enumerator.Value);
    }

    [Fact]
    public void ElfFile_WithoutDwarf_HasTheTypesOfItsBtf()
    {
        var elf = new ElfBuilder();
        ushort text = elf.AddText(0x1000, new byte[0x100]);
        elf.AddSection(".BTF", BtfSamples.Kernel().Build());
        elf.AddSymbol("wake_up", 0x1040, 0x10, section: text);
        string path = Path.Combine(_folder, "stripped");
        File.WriteAllBytes(path, elf.Build());

        using TypeCatalog catalog = TypeCatalog.Open(path, new SymbolizerOptions { UseCache = false });
        Assert.True(catalog.HasTypes && catalog.IsC);
        Assert.Equal(Describe(Read(BtfSamples.Kernel())), Describe(catalog));
        Assert.Equal(0x1040u, catalog.FindFunction("wake_up")!.LinkAddress);
        Assert.Equal("struct task_struct *", TypeNames.Spell(catalog.FindVariable("current_task")!.Type));
        Assert.Equal(1, catalog.FindEnumerator("SLEEPING")!.Value.Enumerator.Value);
    }

    [Fact]
    public void ElfFile_WithDamagedBtf_HasNoTypesAndSaysWhy()
    {
        byte[] btf = BtfSamples.Kernel().Build();
        btf[24 + 4 + 3] = 20; // a kind that does not exist
        var elf = new ElfBuilder();
        elf.AddText(0x1000, new byte[0x100]);
        elf.AddSection(".BTF", btf);
        string path = Path.Combine(_folder, "damaged");
        File.WriteAllBytes(path, elf.Build());

        using TypeCatalog catalog = TypeCatalog.Open(path, new SymbolizerOptions { UseCache = false });
        Assert.Null(catalog.FindType("task_struct"));
        Assert.False(catalog.HasTypes);
        Assert.Contains(
            catalog.Diagnostics,
            diagnostic =>
                diagnostic.ToString().EndsWith(".BTF+0x18: kind 20 of types is not known", StringComparison.Ordinal)
        );
    }

    [Fact]
    public void DamagedBlobs_AreRefusedOrRead_AndNothingElse()
    {
        byte[] kernel = BtfSamples.Kernel().Build();
        Action<byte[]> read = bytes => Describe(BtfTypeSource.Read(bytes, "btf"));
        Assert.Equal(kernel.Length, Mutations.Truncate(kernel, read));
        Assert.InRange(Mutations.Change(kernel, 1, 2_000, read), 200, 1_990);

        BtfTypeSource parent = Read(BtfSamples.Kernel());
        byte[] module = BtfSamples.Module(BtfSamples.Kernel()).Build();
        Assert.InRange(
            Mutations.Change(module, 2, 1_000, bytes => Describe(BtfTypeSource.Read(bytes, "module", parent))),
            100,
            990
        );
    }

    [Fact]
    public void Counts_BeyondTheLimits_AreRefused()
    {
        byte[] blob = BtfSamples.Kernel().Build();
        var few = new ParseLimits { MaxTypes = 20 };
        var brief = new ParseLimits { MaxTypeNameLength = 8 };
        Assert.Throws<BadDataException>(() => BtfTypeSource.Read(blob, "btf", limits: few));
        Assert.Throws<BadDataException>(() => BtfTypeSource.Read(blob, "btf", limits: brief));
    }

    private static BtfTypeSource Read(BtfBuilder builder, Func<string, ulong?>? findSymbol = null) =>
        BtfTypeSource.Read(builder.Build(), "btf", findSymbol: findSymbol);

    private static string Show(ITypeSource types, string name, int depth = 3) =>
        types.FindType(name) is { } type ? LayoutText.Format(TypeLayout.Of(type, depth)) : "none\n";

    private static string Describe(ITypeSource types)
    {
        var text = new StringBuilder();
        foreach (string name in BtfSamples.Names)
        {
            text.Append($"{name}: {TypeNames.Spell(types.FindType(name))}\n{Show(types, name)}");
            if (types.FindType(name)?.Stripped is EnumType found)
                text.AppendJoin(' ', found.Enumerators);
        }

        foreach (string name in new[] { "SLEEPING", "ALL", "MINUS", "HIGH" })
            text.Append(types.FindEnumerator(name)?.Enumerator);

        return text.Append(TypeNames.Spell(types.FindVariable("current_task")?.Type)).ToString();
    }
}
