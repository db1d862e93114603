using Osprey.Tests.Builders;
using Osprey.Tests.Packets;

namespace Osprey.Tests.Cli.Rest;

public sealed class ConvertDumpCommandTests : IDisposable
{
    private readonly CliProcess _cli = new();

    public void Dispose() => _cli.Dispose();

    [Fact]
    public void Dump_BecomesTracefileAndSymbols()
    {
        File.WriteAllBytes(_cli.PathOf("buffers"), SmallDump.Build());
        _cli.Run("trace", "convert-dump");
        _cli.Run("trace", "convert-dump", "-f", "buffers", "--json", "again");
        _cli.Run("trace", "list", "-b", "-S", "tracefile");
        _cli.Note(File.ReadAllText(_cli.PathOf("tracefile.symbols")));
        _cli.Note(Convert.ToHexStringLower(File.ReadAllBytes(_cli.PathOf("tracefile"))));

        Assert.Equal(File.ReadAllBytes(_cli.PathOf("tracefile")), File.ReadAllBytes(_cli.PathOf("again")));
        Assert.Equal(["again", "again.symbols", "buffers", "tracefile", "tracefile.symbols"], Files());
        GoldenFile.Verify(_cli.Transcript);
    }

    [Fact]
    public void Compat_PrintsAndWritesWhatTheReferenceDoes()
    {
        File.WriteAllBytes(_cli.PathOf("dump"), SmallDump.Build());
        _cli.Run("trace", "convert-dump", "-f", "dump", "--compat", "t");
        _cli.Run("trace", "convert-dump", "--compat");

        Assert.Equal(["dump", "t"], Files());
        GoldenFile.Verify(_cli.Transcript);
    }

    [Fact]
    public void Tracefile_IsCopiedWithoutSymbols()
    {
        File.WriteAllBytes(_cli.PathOf("buffers"), SmallDump.Build());
        _cli.Run("trace", "convert-dump", "--no-symbols");
        File.WriteAllText(_cli.PathOf("copy.symbols"), "");
        _cli.Run("trace", "convert-dump", "-f", "tracefile", "copy");

        Assert.Equal(File.ReadAllBytes(_cli.PathOf("tracefile")), File.ReadAllBytes(_cli.PathOf("copy")));
        Assert.Equal(["buffers", "copy", "copy.symbols", "tracefile"], Files());
        GoldenFile.Verify(_cli.Transcript);
    }

    [Fact]
    public void Failures_SayWhatWasLost()
    {
        byte[] dump = SmallDump.Build();
        File.WriteAllBytes(_cli.PathOf("cut"), dump[..^10]);
        File.WriteAllText(_cli.PathOf("text"), "{\"message\": \"Not found\"}");
        File.WriteAllText(_cli.PathOf("old"), "old");
        _cli.Run("trace", "convert-dump", "-f", "cut", "t");
        _cli.Run("trace", "list", "t");
        _cli.Run("trace", "convert-dump", "-f", "text", "old");
        _cli.Run("trace", "convert-dump", "-f", "nowhere", "old");
        _cli.Run("trace", "convert-dump", "-f", "cut", "cut");
        _cli.Run("trace", "convert-dump", "-f", "cut", "-");
        _cli.Run("trace", "convert-dump", "-f", "cut", "no/folder");
        _cli.Run("trace", "convert-dump", "-f", "cut", "/dev/null");

        Assert.Equal("old", File.ReadAllText(_cli.PathOf("old")));
        Assert.Equal(["cut", "old", "t", "t.symbols", "text"], Files());
        GoldenFile.Verify(_cli.Transcript);
    }

    private string[] Files() =>
        [
            .. Directory
                .EnumerateFiles(_cli.Folder)
                .Select(path => Path.GetFileName(path)!)
                .Order(StringComparer.Ordinal),
        ];
}
