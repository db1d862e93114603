using System.Text.RegularExpressions;
using Osprey.Tests.Builders.Rest;

namespace Osprey.Tests.Cli.Rest;

public sealed class DownloadCommandTests : IDisposable
{
    private readonly RestCommand _command = new();

    public void Dispose() => _command.Dispose();

    [Fact]
    public void Whole_IsWrittenAndTold()
    {
        _command.Run("download");
        Assert.Equal(_command.Server.Guest.Dump, File.ReadAllBytes(_command.Cli.PathOf("tracefile")));
        _command.Run("download", "other", "--no-verify", "1");
        _command.Run("download", "--no-verify", "third");
        NoteFiles();

        _command.Verify();
    }

    [Fact]
    public void Json_TellsWhatWasWritten()
    {
        _command.Run("download", "--json");

        Assert.Equal(0, _command.Cli.ExitCode);
        Assert.Matches(
            """^\{"url":"http://GUEST","path":"tracefile","received":1000,"nanoseconds":\d+\}$""",
            Regex.Match(_command.Cli.Transcript, "^{.*}$", RegexOptions.Multiline).Value
        );
    }

    [Fact]
    public void Compat_PrintsWhatTheReferencePrints()
    {
        _command.Server.Guest.Dump = FakeRestGuest.MakeDump(20_000);
        _command.Run("download", "dump", "--compat");
        _command.Server.Guest.Dump = FakeRestGuest.MakeDump(16_384);
        _command.Run("download", "--compat", "--cert", "nowhere", "--no-verify", "yes");
        NoteFiles();

        _command.Verify();
    }

    [Fact]
    public void Convert_WritesTracefileAndSymbols()
    {
        _command.Server.Guest.Dump = SmallDump.Build();
        _command.Run("download", "--convert", "t");
        _command.Cli.Run("trace", "list", "-b", "-S", "t");
        NoteFiles();

        _command.Verify();
    }

    [Fact]
    public void Convert_DamagedDump_KeepsTheDump()
    {
        File.WriteAllText(_command.Cli.PathOf("t"), "old");
        byte[] dump = SmallDump.Build();
        dump[dump.AsSpan().LastIndexOf("SCRT"u8) + 17] ^= 0x80; // the last sample's tracepoint
        _command.Server.Guest.Dump = dump;
        _command.Run("download", "--convert", "t");
        NoteFiles();

        Assert.Equal("old", File.ReadAllText(_command.Cli.PathOf("t")));
        _command.Verify();
    }

    [Fact]
    public void Failures_LeaveTheOldFile()
    {
        File.WriteAllText(_command.Cli.PathOf("tracefile"), "old");
        _command.Cli.Run("trace", "download", "-u", $"localhost:{RestCommand.UnusedPort}");
        byte[] came = _command.Server.Guest.Dump[..400];
        _command.Server.Fault = _ =>
            FakeRestReply.Of(500, "{\"message\": \"Could not create trace dump file\", \"code\": 500}"u8.ToArray());
        _command.Run("download");
        _command.Server.Fault = _ => FakeRestReply.Of(200, came, "text/plain", length: 1000);
        _command.Run("download");
        _command.Server.Fault = _ =>
            FakeRestReply.Of(200, came, "text/plain", length: 1000, then: FakeRestReply.End.Stall);
        _command.Run("download", "--timeout", "2");
        _command.Server.Fault = _ => FakeRestReply.Of(200, "<html>"u8.ToArray(), "text/html");
        _command.Run("download");
        _command.Run("download", "-");
        _command.Run("download", "no/such/folder");
        NoteFiles();

        Assert.Equal("old", File.ReadAllText(_command.Cli.PathOf("tracefile")));
        _command.Verify();
    }

    private void NoteFiles()
    {
        foreach (string path in Directory.EnumerateFiles(_command.Cli.Folder).Order(StringComparer.Ordinal))
            _command.Cli.Note($"file: {Path.GetFileName(path)} {new FileInfo(path).Length}");
    }
}
