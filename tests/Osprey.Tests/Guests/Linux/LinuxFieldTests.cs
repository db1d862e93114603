using Osprey.Guests.Linux;
using Osprey.Symbols;
using Osprey.Symbols.Modules;
using Osprey.Symbols.Types;
using Osprey.Tests.Symbols.Oracle;
using Osprey.Tests.Values;
using Osprey.Values;

namespace Osprey.Tests.Guests.Linux;

public sealed class LinuxFieldTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("osprey-test").FullName;

    public void Dispose() => Directory.Delete(_folder, true);

    [ToolTheory("gcc", "clang")]
    [InlineData("gcc")]
    [InlineData("clang")]
    public void Find_MembersByDebugInfo_HaveTheirPlaces(string compiler)
    {
        string source = Path.Combine(_folder, "fields.c");
        string program = Path.Combine(_folder, "fields.o");
        File.WriteAllText(
            source,
            """
            struct inner { char first; short second; };
            struct outer {
                long number;
                union { struct { int in_anonymous; struct inner deep; }; long other; };
                unsigned bits : 3;
                struct inner open_end[];
            };
            struct outer *use;
            """
        );
        Tools.Run(compiler, ["-g", "-c", "-o", program, source]);
        using TypeCatalog types = TypeCatalog.Open(program, new SymbolizerOptions { UseCache = false });
        var values = new ValueSpace(new FakeMemory(0, []), [new ValueModule(types, LoadBias.None)]);
        Assert.Equal(new LinuxField(0, 8, true), LinuxField.Find(values, "struct outer", "number"));
        Assert.Equal(new LinuxField(8, 4, true), LinuxField.Find(values, "struct outer", "in_anonymous"));
        Assert.Equal(new LinuxField(14, 2, true), LinuxField.Find(values, "struct outer", "deep", "second"));

        // Without a count, as the end of struct unix_address has none.
        Assert.Equal(new LinuxField(18, 0, false), LinuxField.Find(values, "struct outer", "open_end"));
        Assert.Null(LinuxField.Find(values, "struct outer", "bits"));
        Assert.Null(LinuxField.Find(values, "struct outer", "missing"));
        Assert.Null(LinuxField.Find(values, "struct missing", "number"));
    }
}
