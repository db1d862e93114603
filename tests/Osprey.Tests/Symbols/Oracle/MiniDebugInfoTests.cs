using System.Globalization;
using Osprey.Symbols;
using Osprey.Symbols.Sources;

namespace Osprey.Tests.Symbols.Oracle;

/// <summary>Programs that are stripped but for the packed symbol table that distributions leave in them.</summary>
public sealed class MiniDebugInfoTests : IDisposable
{
    private const string Source = """
        static __attribute__((noinline)) int hidden(int x) { return x * 3; }
        static __attribute__((noinline)) int deep(int x) { return hidden(x) + 1; }
        __attribute__((noinline)) int shared(int x) { return deep(x) - 1; }
        int main(int count, char **words) { return shared(count) + (words != 0); }
        """;

    private static readonly SymbolizerOptions s_noCache = new() { UseCache = false };

    private readonly string _folder = Directory.CreateTempSubdirectory("osprey-test").FullName;

    public void Dispose() => Directory.Delete(_folder, true);

    [ToolTheory("gcc", "objcopy", "strip", "nm", "xz")]
    [InlineData("xz")]
    [InlineData("xz --check=sha256 --block-size=100")]
    [InlineData("xz --x86 --lzma2")]
    public void Names_OfAStrippedProgram_AreThoseOfItsPackedTable(string packer)
    {
        (string name, ulong address)[] functions = Build(packer);
        using ElfSymbolSource source = ElfSymbolSource.Open(Path.Combine(_folder, "program"), null, s_noCache);

        Assert.Equal(["hidden", "deep", "shared", "main"], functions.Select(function => function.name));
        foreach ((string name, ulong address) in functions)
        {
            var frames = new List<SymbolFrame>();
            Assert.True(source.TryResolve(address + 1, frames), name);
            Assert.Equal(name, Assert.Single(frames).Name);
            Assert.Equal(address, source.FindSymbol(name));
        }
    }

    [ToolFact("gcc", "objcopy", "strip", "nm", "xz")]
    public void PackedTable_Damaged_IsReportedAndTheDynamicOneIsUsed()
    {
        (string name, ulong address)[] functions = Build("xz");
        string path = Path.Combine(_folder, "program");
        byte[] whole = File.ReadAllBytes(path);
        int start = whole.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xfd, (byte)'7', (byte)'z', (byte)'X', (byte)'Z', 0]);
        var random = new Random(5);
        int reported = 0;
        for (int round = 0; round < 300; round++)
        {
            byte[] damaged = [.. whole];
            for (int i = 0; i < 3; i++)
                damaged[start + random.Next(200)] = (byte)random.Next(256);

            File.WriteAllBytes(path, damaged);
            using ElfSymbolSource source = ElfSymbolSource.Open(path, null, s_noCache);
            Assert.Equal(functions[2].address, source.FindSymbol("shared"));
            reported += source.Diagnostics.Any(item => item.Message.Contains("xz: ", StringComparison.Ordinal)) ? 1 : 0;
        }

        Assert.InRange(reported, 200, 300);
    }

    /// <summary>Builds a program, and makes of it what distributions do.</summary>
    /// <returns>Its functions and their places, as they were before.</returns>
    private (string Name, ulong Address)[] Build(string packer)
    {
        string source = Path.Combine(_folder, "program.c");
        File.WriteAllText(source, Source);
        Run("gcc", "-O1 -g -rdynamic -o program program.c");
        Dictionary<string, ulong> symbols = Run("nm", "--defined-only -f posix program")
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split(' '))
            .Where(words => words.Length > 2 && words[1] is "T" or "t")
            .ToDictionary(words => words[0], words => ulong.Parse(words[2], NumberStyles.HexNumber));
        File.WriteAllText(Path.Combine(_folder, "keep"), "hidden\ndeep\n");
        Run("objcopy", "--only-keep-debug program debug");
        Run("objcopy", "-S --remove-section .comment --keep-symbols=keep debug mini");
        Run("strip", "--strip-all program");
        string[] words = packer.Split(' ', 2);
        Run(words[0], (words.Length > 1 ? words[1] + " " : "") + "mini");
        Run("objcopy", "--add-section .gnu_debugdata=mini.xz program");
        return [.. new[] { "hidden", "deep", "shared", "main" }.Select(name => (name, symbols[name]))];
    }

    private string Run(string tool, string arguments) => Tools.Run(tool, arguments.Split(' '), folder: _folder);
}
