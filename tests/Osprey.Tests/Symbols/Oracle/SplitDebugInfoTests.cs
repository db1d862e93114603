using Osprey.Binary.Elf;
using Osprey.Symbols;
using Osprey.Symbols.Sources;
using Osprey.Symbols.Types;
using Osprey.Symbols.Types.Compounds;
using Osprey.Symbols.Types.Variables;

namespace Osprey.Tests.Symbols.Oracle;

/// <summary>Programs whose debug info is in <c>.dwo</c> files or a package.</summary>
public sealed class SplitDebugInfoTests : IDisposable
{
    private const string Source = """
        struct node { int value; char tag; struct node *next; };
        typedef struct node node_t;
        node_t head = { 7, 'x', 0 };
        static inline int twice(int a) { return a * 2 + head.value; }
        __attribute__((noinline)) int work(struct node *n, int count)
        {
            int sum = 0;
            for (int i = 0; i < count; i++) { int part = twice(n->value + i); sum += part; }
            return sum;
        }
        int main(int count, char **values) { return work(&head, count); }
        """;

    private static readonly SymbolizerOptions s_options = new() { UseCache = false, Demangle = false };

    private readonly string _folder = Directory.CreateTempSubdirectory("osprey-test").FullName;

    public void Dispose() => Directory.Delete(_folder, true);

    [ToolTheory("g++", "clang++", "llvm-symbolizer", "addr2line", "llvm-dwp", "dwp")]
    [InlineData("g++", "-gdwarf-5", "")]
    [InlineData("g++", "-gdwarf-4", "")]
    [InlineData("g++", "-gdwarf-4", "dwp")]
    [InlineData("g++", "-gdwarf-5", "llvm-dwp")]
    [InlineData("g++", "-gdwarf-5 -fdebug-types-section", "")]
    [InlineData("clang++", "-gdwarf-5", "")]
    [InlineData("clang++", "-gdwarf-5", "llvm-dwp")]
    [InlineData("clang++", "-gdwarf-4", "llvm-dwp")]
    [InlineData("clang++", "-gdwarf-4 -fdebug-types-section", "llvm-dwp")]
    [InlineData("clang++", "-gdwarf-5 -fdebug-types-section", "llvm-dwp")]
    [InlineData("clang++", "-gdwarf-5 -mllvm -minimize-addr-in-v5=Form", "")]
    public void Code_Split_AgreesWithTheOracle(string compiler, string options, string packager)
    {
        string path = BuildPrograms(compiler, options, packager);
        using ElfSymbolSource source = ElfSymbolSource.Open(path, null, s_options);
        ElfSection text = source.Image.FindSection(".text")!;
        ulong[] addresses = [.. Enumerable.Range(0, (int)text.Size / 3).Select(i => text.LinkAddress + ((ulong)i * 3))];
        var comparison = new OracleComparison(path, source);
        List<string> differences = comparison.Compare(addresses);
        Assert.True(
            differences.Count == 0,
            $"{differences.Count} of {addresses.Length} differ:\n{string.Join('\n', differences.Take(5))}"
        );
        Assert.True(comparison.FrameCount > comparison.CheckedCount + 100);
        Assert.Empty(source.Diagnostics);
    }

    [ToolTheory("gcc", "clang", "llvm-dwp", "dwp")]
    [InlineData("gcc", "-gdwarf-5", "")]
    [InlineData("gcc", "-gdwarf-4", "")]
    [InlineData("gcc", "-gdwarf-4 -fdebug-types-section", "")]
    [InlineData("gcc", "-gdwarf-4 -fdebug-types-section", "dwp")]
    [InlineData("gcc", "-gdwarf-5 -fdebug-types-section", "")]
    [InlineData("clang", "-gdwarf-5", "llvm-dwp")]
    [InlineData("clang", "-gdwarf-4", "")]
    public void TypesAndVariables_Split_AreAsInTheWholeProgram(string compiler, string options, string packager)
    {
        string whole = Build(compiler, options, "whole");
        string path = Build(compiler, options + " -gsplit-dwarf", "split", packager);
        using TypeCatalog expected = TypeCatalog.Open(whole, s_options);
        using TypeCatalog found = TypeCatalog.Open(path, s_options);
        using ElfSymbolSource source = ElfSymbolSource.Open(path, null, s_options);
        Assert.True(found.IsC);
        var type = Assert.IsType<CompoundType>(found.FindType("struct node"));
        Assert.Equal(["value", "tag", "next"], type.Members.Select(member => member.Name));
        Assert.Equal("node_t", found.FindType("node_t")!.Name);
        DebugVariable head = found.FindVariable("head")!;
        Assert.Equal(new VariableLocation.Static(source.FindSymbol("head")!.Value), head.Location);
        Assert.Equal("split.c", Path.GetFileName(head.DeclarationFile));
        ulong work = source.FindSymbol("work")!.Value;
        Assert.Equal(work, found.FindFunction("work")!.LinkAddress);

        // The two programs have the same code, and so the same variables at each of its addresses.
        using ElfSymbolSource reference = ElfSymbolSource.Open(whole, null, s_options);
        ulong start = reference.FindSymbol("work")!.Value;
        int located = 0;
        for (ulong offset = 0; offset < 0x40; offset++)
        {
            // gcc's lists of version 4 end with a range of no bytes in the function behind this one.
            if (!expected.FindScopes(start + offset).Any(scope => scope.Name == "work"))
                break;

            Assert.Equal(Describe(expected, start + offset, start), Describe(found, work + offset, work));
            located += Describe(found, work + offset, work)
                .Count(text => text.EndsWith("True", StringComparison.Ordinal));
        }

        Assert.True(located > 20);
        Assert.Empty(found.Diagnostics);
    }

    [ToolFact("gcc")]
    public void MissingFiles_AreSaidOnceAndTheSymbolTableNames()
    {
        string path = Build("gcc", "-g -gsplit-dwarf", "split");
        string file = FindSplitFile();
        File.Delete(file);
        using ElfSymbolSource source = ElfSymbolSource.Open(path, null, s_options);
        using TypeCatalog types = TypeCatalog.Open(path, s_options);
        var frames = new List<SymbolFrame>();
        Assert.True(source.TryResolve(source.FindSymbol("work")!.Value, frames));
        Assert.Equal("work", Assert.Single(frames).Name);
        Assert.InRange(frames[0].Line ?? 0, 5, 10);
        Assert.Null(types.FindType("struct node"));
        Assert.Null(types.FindType("node_t"));
        string expected =
            $"debug info was split off to {file}, which is not there, nor is there a .dwp: only "
            + "names of the symbol table and lines are known there";
        Assert.Equal(expected, Assert.Single(source.Diagnostics).Message);
        Assert.Equal(expected, Assert.Single(types.Diagnostics).Message);
    }

    [ToolFact("gcc")]
    public void FilesOfAnotherBuild_AreNotUsed()
    {
        string other = Build("gcc", "-O1 -g -gsplit-dwarf", "split");
        string file = FindSplitFile();
        byte[] old = File.ReadAllBytes(file);
        string path = Build("gcc", "-O2 -g -gsplit-dwarf -DOTHER", "split");
        Assert.Equal(other, path);
        File.WriteAllBytes(file, old);
        using ElfSymbolSource source = ElfSymbolSource.Open(path, null, s_options);
        var frames = new List<SymbolFrame>();
        Assert.True(source.TryResolve(source.FindSymbol("work")!.Value, frames));
        Assert.Equal("work", Assert.Single(frames).Name);
        Assert.Equal(
            $"debug info was split off to {file}, but {file} is of another build: only "
                + "names of the symbol table and lines are known there",
            Assert.Single(source.Diagnostics).Message
        );
    }

    [ToolFact("gcc")]
    public void StoredNames_AreBuiltAgainWhenASplitFileAppears()
    {
        string path = Build("gcc", "-g -gsplit-dwarf", "split");
        SymbolizerOptions options = new() { CacheDirectory = Path.Combine(_folder, "cache") };
        string file = FindSplitFile();
        File.Move(file, file + ".away");
        using (TypeCatalog without = TypeCatalog.Open(path, options))
            Assert.Null(without.FindType("struct node"));

        File.Move(file + ".away", file);
        for (int i = 0; i < 2; i++)
        {
            using TypeCatalog with = TypeCatalog.Open(path, options);
            Assert.NotNull(with.FindType("struct node"));
        }
    }

    [ToolTheory("gcc", "dwp", "llvm-dwp")]
    [InlineData("-gdwarf-5", "llvm-dwp")]
    [InlineData("-gdwarf-4", "dwp")]
    [InlineData("-gdwarf-4", "")]
    public void DamagedFiles_GiveAnswersOrMessages(string options, string packager)
    {
        string path = Build("gcc", $"-O2 -gsplit-dwarf {options}", "split", packager);
        string file = packager.Length > 0 ? path + ".dwp" : FindSplitFile();
        byte[] good = File.ReadAllBytes(file);
        var random = new Random(4);
        for (int i = 0; i < 300; i++)
        {
            byte[] bad = i < 100 ? good[..random.Next(good.Length)] : [.. good];
            for (int j = 0; j < 4 && bad.Length > 64; j++)
                bad[random.Next(64, bad.Length)] = (byte)random.Next(256);

            File.WriteAllBytes(file, bad);
            using ElfSymbolSource source = ElfSymbolSource.Open(path, null, s_options);
            using TypeCatalog types = TypeCatalog.Open(path, s_options);
            ulong work = source.FindSymbol("work")!.Value;
            var frames = new List<SymbolFrame>();
            for (ulong offset = 0; offset < 0x30; offset++)
            {
                Assert.True(source.TryResolve(work + offset, frames));
                types.FindScopes(work + offset);
            }

            types.FindType("struct node");
            types.FindVariable("head");
        }
    }

    private string FindSplitFile() => Assert.Single(Directory.GetFiles(_folder, "*.dwo"));

    private static string[] Describe(TypeCatalog catalog, ulong address, ulong start) =>
        [
            .. catalog
                .FindScopes(address)
                .SelectMany(scope =>
                    scope.Variables.Select(item =>
                        $"{scope.Name} {item.Name} {TypeNames.Spell(item.Type)} "
                        + (
                            item.Location is VariableLocation.List list
                                ? string.Join(
                                    ',',
                                    list.Ranges.Select(range =>
                                        $"{range.Start - start:x}-{range.End - start:x}:"
                                        + Convert.ToHexString(range.Expression.Span)
                                    )
                                )
                                : item.Location.ToString()
                        )
                        + $" {item.Location is not VariableLocation.None}"
                    )
                ),
        ];

    private string Build(string compiler, string options, string name, string packager = "")
    {
        string source = Path.Combine(_folder, name + ".c");
        File.WriteAllText(source, Source);
        string path = Path.Combine(_folder, name);
        string[] flags = options.Contains("-O", StringComparison.Ordinal) ? [] : ["-O1"];
        Tools.Run(compiler, [.. flags, .. options.Split(' '), "-o", path, source], folder: _folder);
        Pack(path, packager);
        return path;
    }

    private string BuildPrograms(string compiler, string options, string packager)
    {
        string path = Path.Combine(_folder, "program");
        List<string> objects = [];
        foreach (string name in (string[])["main.cc", "shapes.cc"])
        {
            string unit = Path.Combine(_folder, Path.ChangeExtension(name, ".o"));
            objects.Add(unit);
            Tools.Run(
                compiler,
                [
                    "-O2",
                    "-gsplit-dwarf",
                    "-std=c++17",
                    .. options.Split(' '),
                    "-c",
                    "-o",
                    unit,
                    Path.Combine(Tools.Programs, name),
                ],
                folder: _folder
            );
        }

        string plain = Path.Combine(_folder, "plain.o");
        Tools.Run("gcc", ["-g", "-O2", "-c", "-o", plain, Path.Combine(Tools.Programs, "plain.c")], folder: _folder);
        Tools.Run(compiler, ["-o", path, .. objects, plain], folder: _folder);
        Pack(path, packager);
        return path;
    }

    private void Pack(string path, string packager)
    {
        if (packager.Length == 0)
            return;

        Tools.Run(packager, ["-e", path, "-o", path + ".dwp"], folder: _folder);
        foreach (string file in Directory.GetFiles(_folder, "*.dwo"))
            File.Delete(file);
    }
}
