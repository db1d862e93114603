using Osprey.Binary;
using Osprey.Rest.Connection;
using Osprey.Rest.Dumps;
using Osprey.Tests.Builders.Rest;

namespace Osprey.Tests.Rest;

public sealed class TraceDownloadTests : IDisposable
{
    private const string Old = "the old file";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("osprey-download-");
    private readonly FakeRestServer _server = new();
    private readonly GuestRestClient _client;
    private readonly string _target;

    public TraceDownloadTests()
    {
        _client = new GuestRestClient(
            new GuestRestOptions
            {
                Url = _server.Url,
                Limits = new GuestRestLimits { MaxDump = 1_000_000 },
            }
        );
        _target = Path.Combine(_folder.FullName, "trace");
        File.WriteAllText(_target, Old);
    }

    public void Dispose()
    {
        _client.Dispose();
        _server.Dispose();
        _folder.Delete(recursive: true);
    }

    [Theory]
    [InlineData(16)]
    [InlineData(1000)]
    [InlineData(300_000)]
    public async Task Whole_TakesTheOldFilesPlace(int size)
    {
        _server.Guest.Dump = FakeRestGuest.MakeDump(Math.Max(size, 24))[..size];
        BitConverter.TryWriteBytes(_server.Guest.Dump.AsSpan(8), (long)size - 16);
        Log progress = new();

        DownloadResult result = await DownloadAsync(progress: progress);

        Assert.Equal((_target, (long)size), (result.Path, result.Received));
        Assert.Equal(_server.Guest.Dump, File.ReadAllBytes(_target));
        Assert.Equal(["trace"], Files());
        Assert.Equal(new DownloadProgress(0, size, TimeSpan.Zero), progress.Reports[0]);
        Assert.Equal(
            ((long)size, (long?)size, 1.0),
            (progress.Reports[^1].Received, progress.Reports[^1].Total, progress.Reports[^1].Fraction)
        );
        Assert.Equal(
            progress.Reports.Select(report => report.Received).Order(),
            progress.Reports.Select(report => report.Received)
        );
    }

    [Fact]
    public async Task WithoutLength_TheDumpItselfTellsTheTotal()
    {
        _server.Fault = _ => FakeRestReply.Of(200, _server.Guest.Dump, "text/plain", withLength: false);
        Log progress = new();

        Assert.Equal(1000, (await DownloadAsync(progress: progress)).Received);
        Assert.Equal(1000, progress.Reports[0].Total);
        Assert.Equal(_server.Guest.Dump, File.ReadAllBytes(_target));
    }

    [Fact]
    public async Task NewFile_IsWritten()
    {
        File.Delete(_target);

        await DownloadAsync();

        Assert.Equal(["trace"], Files());
    }

    [Fact]
    public async Task Link_StaysOne()
    {
        string link = Path.Combine(_folder.FullName, "link");
        File.CreateSymbolicLink(link, _target);

        await new TraceDownload(_client).DownloadAsync(link);

        Assert.Equal(_target, new FileInfo(link).LinkTarget);
        Assert.Equal(_server.Guest.Dump, File.ReadAllBytes(_target));
        Assert.Equal(["link", "trace"], Files());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task CutConnection_KeepsWhatCameAndTheOldFile(bool reset)
    {
        byte[] came = _server.Guest.Dump[..400];
        _server.Fault = _ =>
            FakeRestReply.Of(
                200,
                came,
                "text/plain",
                length: 1000,
                then: reset ? FakeRestReply.End.Reset : FakeRestReply.End.Close
            );

        GuestRestException error = await Assert.ThrowsAsync<GuestRestException>(() => DownloadAsync());

        Assert.Equal(GuestRestProblem.CutShort, error.Problem);
        Assert.Equal(Old, File.ReadAllText(_target));
        if (reset && !File.Exists(_target + ".partial"))
            return; // A reset can overtake what was sent before it.
        Assert.Equal(
            "the connection ended before the reply to GET /trace/buffers was complete; the 400 bytes that came "
                + $"are kept in {_target}.partial\n"
                + "Did the guest stop or crash? Look at its console, then try again.",
            error.Message
        );
        Assert.Equal(came, File.ReadAllBytes(_target + ".partial"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task DumpShorterThanItSays_IsCutShort(bool withLength)
    {
        _server.Fault = _ => FakeRestReply.Of(200, _server.Guest.Dump[..400], "text/plain", withLength: withLength);

        await FailsAsync(
            GuestRestProblem.CutShort,
            "the dump is cut short: the guest sent 400 of its 1000 bytes; the 400 bytes that came are kept in "
                + $"{_target}.partial\n"
                + "Did the guest stop, or its /tmp run full? It writes the dump there first. Dumps over 2 GiB do not "
                + "fit its replies.",
            400
        );
    }

    [Fact]
    public async Task DumpLongerThanItSays_IsStopped()
    {
        _server.Fault = _ =>
            FakeRestReply.Of(
                200,
                _server.Guest.Dump,
                "text/plain",
                withLength: false,
                then: FakeRestReply.End.RepeatForEver
            );

        GuestRestException error = await Assert.ThrowsAsync<GuestRestException>(() => DownloadAsync());

        long kept = new FileInfo(_target + ".partial").Length;
        Assert.Equal(
            $"the guest sends more than the dump's 1000 bytes; the {kept} bytes that came are kept in "
                + $"{_target}.partial\n"
                + "Is it an OSv guest that answers there?",
            error.Message
        );
        Assert.Equal(Old, File.ReadAllText(_target));
    }

    [Fact]
    public async Task DumpOfNoLength_IsBounded()
    {
        byte[] dump = FakeRestGuest.MakeDump(100);
        dump.AsSpan(8, 8).Clear();
        _server.Fault = _ =>
            FakeRestReply.Of(200, dump, "text/plain", withLength: false, then: FakeRestReply.End.RepeatForEver);

        GuestRestException error = await Assert.ThrowsAsync<GuestRestException>(() => DownloadAsync());

        Assert.Equal(
            "the reply to GET /trace/buffers is larger than 1000000 bytes; the "
                + $"{new FileInfo(_target + ".partial").Length} bytes that came are kept in {_target}.partial",
            error.Finding
        );
    }

    [Fact]
    public async Task Stall_KeepsWhatCame()
    {
        using GuestRestClient hurried = new(
            new GuestRestOptions { Url = _server.Url, ReadTimeout = TimeSpan.FromMilliseconds(100) }
        );
        _server.Fault = _ =>
            FakeRestReply.Of(200, _server.Guest.Dump[..400], "text/plain", length: 1000, then: FakeRestReply.End.Stall);

        GuestRestException error = await Assert.ThrowsAsync<GuestRestException>(() =>
            new TraceDownload(hurried).DownloadAsync(_target)
        );

        Assert.Equal(
            "the reply to GET /trace/buffers stopped midway: nothing came for 0.1 s; the 400 bytes that came "
                + $"are kept in {_target}.partial",
            error.Finding
        );
        Assert.Equal(["trace", "trace.partial"], Files());
    }

    [Theory]
    [InlineData(
        "{\"message\": \"x\", \"code\": 500}",
        "what came is not a dump of trace buffers: it begins with '{\"message\": \"x\",', expected 'TVSO'\n"
            + "Is it an OSv guest that answers there?"
    )]
    [InlineData(
        "TVS",
        "what came is not a dump of trace buffers: it begins with 'TVS', expected 'TVSO'\n"
            + "Is it an OSv guest that answers there?"
    )]
    [InlineData("", "the guest sent an empty dump\nIs there room in the guest's /tmp? It writes the dump there first.")]
    public async Task NoDump_IsNotStored(string body, string message)
    {
        _server.Fault = _ => FakeRestReply.Of(200, System.Text.Encoding.UTF8.GetBytes(body), "text/plain");

        await FailsAsync(GuestRestProblem.BadReply, message, null);
    }

    [Fact]
    public async Task ErrorReply_IsExplainedAndNotStored()
    {
        _server.Fault = _ => FakeRestReply.Error(500, "Could not create trace dump file");

        await FailsAsync(
            GuestRestProblem.GuestFailed,
            "the guest failed at GET /trace/buffers: Could not create trace dump file (status 500)",
            null
        );
    }

    [Fact]
    public async Task Cancelled_LeavesOnlyTheOldFile()
    {
        _server.Fault = _ =>
            FakeRestReply.Of(200, _server.Guest.Dump[..400], "text/plain", length: 1000, then: FakeRestReply.End.Stall);
        using CancellationTokenSource source = new();
        Log progress = new() { OnReport = _ => source.Cancel() };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            DownloadAsync(progress: progress, cancellationToken: source.Token)
        );

        Assert.Equal(["trace"], Files());
        Assert.Equal(Old, File.ReadAllText(_target));
    }

    [Fact]
    public async Task Conversion_TakesTheDumpsPlace()
    {
        DownloadResult result = await DownloadAsync(
            (dump, output) => File.WriteAllText(output, $"made of {new FileInfo(dump).Length} bytes")
        );

        Assert.Equal(1000, result.Received);
        Assert.Equal("made of 1000 bytes", File.ReadAllText(_target));
        Assert.Equal(["trace"], Files());
    }

    [Fact]
    public async Task Conversion_ThatFails_KeepsTheDump()
    {
        GuestRestException bad = await Assert.ThrowsAsync<GuestRestException>(() =>
            DownloadAsync(
                (dump, output) =>
                {
                    File.WriteAllText(output, "half");
                    throw new BadDataException("dump", 16, "no chunks");
                }
            )
        );

        Assert.Equal(
            $"the dump came whole but cannot be converted: dump+0x10: no chunks; the dump is kept in {_target}.partial",
            bad.Message
        );
        Assert.Equal(Old, File.ReadAllText(_target));
        Assert.Equal(_server.Guest.Dump, File.ReadAllBytes(_target + ".partial"));
        Assert.Equal(["trace", "trace.partial"], Files());
    }

    [Theory]
    [InlineData("", "cannot write to '': it is not a file's name")]
    [InlineData("/", "cannot write to '/': it is not a file's name")]
    [InlineData("/no/such/folder/trace", "cannot write /no/such/folder/trace: there is no folder /no/such/folder")]
    [InlineData("/dev/null", "cannot write /dev/null: it is a device, and a dump goes to a file")]
    public async Task Target_ThatCannotBeAFile_IsRefusedBeforeTheGuestIsAsked(string path, string message)
    {
        GuestRestException error = await Assert.ThrowsAsync<GuestRestException>(() =>
            new TraceDownload(_client).DownloadAsync(path)
        );

        Assert.Equal((message, GuestRestProblem.LocalFile), (error.Message, error.Problem));
        Assert.Empty(_server.Log);
    }

    [Fact]
    public async Task TwoAtOnce_OfOneFile_IsRefused()
    {
        using FileStream other = new(_target + ".partial", FileMode.Create, FileAccess.Write, FileShare.None);

        GuestRestException error = await Assert.ThrowsAsync<GuestRestException>(() => DownloadAsync());

        Assert.Equal($"cannot write {_target}.partial: another download writes it", error.Message);
    }

    private async Task FailsAsync(GuestRestProblem problem, string message, int? kept)
    {
        GuestRestException error = await Assert.ThrowsAsync<GuestRestException>(() => DownloadAsync());

        Assert.Equal((message, problem), (error.Message, error.Problem));
        Assert.Equal(Old, File.ReadAllText(_target));
        Assert.Equal(kept is null ? ["trace"] : ["trace", "trace.partial"], Files());
        if (kept is not null)
            Assert.Equal(_server.Guest.Dump[..kept.Value], File.ReadAllBytes(_target + ".partial"));
    }

    private Task<DownloadResult> DownloadAsync(
        TraceDownload.Conversion? convert = null,
        IProgress<DownloadProgress>? progress = null,
        CancellationToken cancellationToken = default
    ) => new TraceDownload(_client).DownloadAsync(_target, convert, progress, cancellationToken);

    private IEnumerable<string?> Files() =>
        Directory.EnumerateFiles(_folder.FullName).Select(Path.GetFileName).Order(StringComparer.Ordinal);

    private sealed class Log : IProgress<DownloadProgress>
    {
        public List<DownloadProgress> Reports { get; } = [];

        public Action<DownloadProgress>? OnReport { get; init; }

        public void Report(DownloadProgress value)
        {
            Reports.Add(value);
            OnReport?.Invoke(value);
        }
    }
}
