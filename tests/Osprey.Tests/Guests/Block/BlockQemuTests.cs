using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Osprey.Target.Backends.Qemu.Processes;
using Osprey.Tests.Builders;
using Osprey.Tests.Builders.Guests;
using Osprey.Tests.Cli;

namespace Osprey.Tests.Guests.Block;

/// <summary>
/// The commands over a real QEMU with a qcow2 image. The requests come from the monitor's qemu-io, in place of a guest.
/// </summary>
public sealed class BlockQemuTests : IDisposable
{
    private const string Drive = "drive0";
    private const string Device = "/machine/peripheral/disk0/virtio-backend";

    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(1);

    private readonly DiskImage? _image;
    private readonly QemuGuest? _guest;
    private Timer? _limit;

    public BlockQemuTests()
    {
        if (BlockQemuFactAttribute.DescribeMissing() is not null)
            return;

        _image = new DiskImage();
        _guest = new QemuGuest(
            "-S",
            "-name",
            "osprey-block",
            "-drive",
            $"file={_image.Path},format=qcow2,if=none,id={Drive},detect-zeroes=on,discard=unmap",
            "-device",
            $"virtio-blk-pci,id=disk0,drive={Drive}"
        );
    }

    private QemuGuest Guest => _guest!;

    private string Qmp => Path.Combine(Guest.Folder, "free-qmp");

    public void Dispose()
    {
        _limit?.Dispose();
        _guest?.Dispose();
        _image?.Dispose();
    }

    [BlockQemuFact]
    public void Write_ThatAllocates_IsHeldWhileAnotherOneGoesOn()
    {
        Run("insert", Drive, "--write");
        Assert.Equal("on", FindNode("qcow2").GetProperty("detect_zeroes").GetString()); // QEMU would forget it
        Run("break", Drive, "cluster_alloc_space", "A", "--write");
        Run("break", Drive, "flush_to_disk", "never", "--write");
        Assert.Equal([("A", false), ("never", false)], ListBreakpoints());
        Assert.Contains("within 0.2 s", Fail("wait", "A", "--timeout", "0.2s"));
        Assert.Contains("'A' holds no request", Fail("resume", "A", "--write"));

        Write(0); // held
        Run("wait", "A");
        Assert.Equal([("A", true), ("never", false)], ListBreakpoints());
        long before = CountWrites();
        Write(1 << 20); // comes to the event as well, and goes on
        Until(() => CountWrites() > before);
        Assert.Equal(before + 1, CountWrites());

        Assert.Contains("a request is suspended (A)", Fail("inject", Drive, "none", "--errno", "EIO", "--write"));
        Run("resume", "A", "--write");
        Until(() => CountWrites() == before + 2);
        Assert.Contains("there is no breakpoint 'A'", Fail("wait", "A"));
        Run("remove", Drive, "--write");
        Assert.Empty(ListBreakpoints());
        Assert.Equal(["qcow2", "file"], ListDrivers());
        Assert.Contains("has no blkdebug filter", Fail("remove", Drive, "--write"));
        RequireCleanImage();
    }

    [BlockQemuFact]
    public void Errors_AreInjectedByTheirRules()
    {
        Run("inject", Drive, "write_aio", "--errno", "ENOSPC", "--once", "--write");
        Run("break", Drive, "vmstate_load", "kept", "--write");
        Run("inject", Drive, "none", "--errno", "EIO", "--sector", "123456789", "--write");
        JsonElement drive = List().GetProperty("drives")[0];
        Assert.Equal(
            ["ENOSPC from write_aio on, once", "EIO from none on, sector 123456789 of the image file"],
            drive.GetProperty("rules").EnumerateArray().Select(rule => rule.GetString())
        );
        Assert.Equal([("kept", false)], ListBreakpoints());
        Assert.Equal(0, CountFailedWrites());
        Write(0);
        Until(() => CountFailedWrites() == 1);
        Write(0);
        Until(() => CountWrites() == 1);
        Assert.Equal(1, CountFailedWrites());
        Run("remove", Drive, "--write");
        RequireCleanImage();
    }

    [BlockQemuFact]
    public void Mistakes_AreToldAndChangeNothing()
    {
        Assert.Contains("allow it with --write", Fail("insert", Drive));
        Assert.Contains($"it has {Drive}", Fail("insert", "sda", "--write"));
        Assert.Contains("osprey block insert DRIVE", Fail("break", Drive, "write_aio", "A", "--write"));
        Assert.Contains(
            "this QEMU has no event 'write_aoi'",
            Fail("inject", Drive, "write_aoi", "--errno", "5", "--write")
        );
        Run("insert", Drive, "--write");
        Run("insert", Drive, "--write"); // says that there is one already
        Assert.Contains("no event 'nothing'", Fail("break", Drive, "nothing", "A", "--write"));
        Assert.Contains("is no tag", Fail("break", Drive, "write_aio", "a b", "--write"));
        Run("break", Drive, "write_aio", "A", "--write");
        Assert.Contains("there is a breakpoint 'A' already", Fail("break", Drive, "write_aio", "A", "--write"));
        Run("resume", "--all", "--write");
        Assert.Empty(ListBreakpoints());
        Run("remove", Drive, "--write");
        Assert.Equal(["qcow2", "file"], ListDrivers());
    }

    [BlockQemuFact]
    public void Script_ThatFailsWhileItHoldsARequest_TakesAllBack()
    {
        string script = WriteScript(
            $"insert {Drive}",
            $"break {Drive} write_aio A",
            "wait A",
            "wait A",
            "break drive0 none B"
        );
        using Process process = Start("script", script, "--write");
        ReadUntil(process, "wait A");
        Write(0);
        string output = process.StandardOutput.ReadToEnd();
        Assert.Contains($"{script}:5: \"none\" is no event", process.StandardError.ReadToEnd());
        process.WaitForExit();
        Assert.Equal(1, process.ExitCode);
        Assert.Contains("the request that A held goes on", output);
        RequireNothingLeft(writes: 1);
    }

    [BlockQemuFact]
    public void Script_AtCtrlC_TakesAllBack() => Interrupt("INT");

    [BlockQemuFact]
    public void Script_ThatIsTerminated_TakesAllBack() => Interrupt("TERM");

    private void Interrupt(string signal)
    {
        string script = WriteScript($"insert {Drive}", $"break {Drive} write_aio A", "wait A", "sleep 1h");
        using Process process = Start("script", script, "--write");
        ReadUntil(process, "wait A");
        Write(0);
        ReadUntil(process, "sleep");

        Assert.Equal([("A", true)], ListBreakpoints());
        TestedProgram.Signal(process, signal);
        process.WaitForExit();
        Assert.Equal(130, process.ExitCode);
        RequireNothingLeft(writes: 1);
    }

    [BlockQemuFact]
    public void Script_ThatIsKilled_IsTakenBackByTheNextCommand()
    {
        string script = WriteScript($"insert {Drive}", $"break {Drive} write_aio A", "wait A", "sleep 1h");
        using (Process process = Start("script", script, "--write"))
        {
            ReadUntil(process, "wait A");
            Write(0);
            ReadUntil(process, "sleep");
            process.Kill();
            process.WaitForExit();
        }

        Assert.Equal([("A", true)], ListBreakpoints());
        Assert.Equal(["qcow2", "blkdebug", "file"], ListDrivers());
        Run("remove", Drive, "--write");
        RequireNothingLeft(writes: 1);
    }

    /// <summary>The file with the notes may be lost as well: the requests are found by QEMU's memory.</summary>
    [BlockQemuFact]
    public void Request_ThatNobodyNoted_IsFoundAndLetGo()
    {
        Run("insert", Drive, "--write");
        Run("break", Drive, "write_aio", "A", "--write");
        Write(0);
        Run("wait", "A");
        File.Delete(QemuStateFile.Find("block", QemuProcess.TryRead(Guest.ProcessId)!));
        Assert.Equal([("A", true)], ListBreakpoints());
        Run("remove", Drive, "--write");
        RequireNothingLeft(writes: 1);
    }

    /// <summary>As a program leaves it that is killed between the two steps of putting a filter in.</summary>
    [BlockQemuFact]
    public void Filter_ThatIsInNoDrive_IsTakenAway()
    {
        string file = FindNode("file").GetProperty("node-name").GetString()!;
        Guest.Execute(
            "blockdev-add",
            new Dictionary<string, string>
            {
                ["driver"] = "blkdebug",
                ["node-name"] = "osprey-block-00000000",
                ["image"] = file,
            }
        );
        Assert.Equal("osprey-block-00000000", List().GetProperty("unusedFilters")[0].GetString());
        Run("remove", Drive, "--write");
        Assert.Equal(0, List().GetProperty("unusedFilters").GetArrayLength());
        Assert.Contains("has no blkdebug filter", Fail("remove", Drive, "--write"));
    }

    [BlockQemuFact]
    public void Monitor_ThatGoesAwayWithinAStep_IsConnectedAgainToTakeAllBack()
    {
        using var proxy = new StubProxy(Qmp) { CutBefore = "resume osprey-"u8.ToArray() };
        string script = WriteScript($"insert {Drive}", $"break {Drive} write_aio A", "wait A", "resume A");
        using Process process = Start("script", script, "--write", "--qmp", proxy.Path);
        ReadUntil(process, "wait A");
        Write(0);
        string messages = process.StandardError.ReadToEnd();
        Assert.True(
            messages.Contains(
                $"{script}:4: QMP at unix:{proxy.Path}: QEMU ended the connection\n",
                StringComparison.Ordinal
            ),
            messages
        );
        process.WaitForExit();
        Assert.Equal(1, process.ExitCode);
        Assert.Null(proxy.CutBefore);
        RequireNothingLeft(writes: 1);
    }

    [BlockQemuFact]
    public void Monitor_ThatGoesAwayForGood_IsDoneWithout()
    {
        var proxy = new StubProxy(Qmp);
        string script = WriteScript($"insert {Drive}", $"break {Drive} write_aio A", "wait A", "resume A");
        using Process process = Start("script", script, "--write", "--qmp", proxy.Path);
        ReadUntil(process, "wait A");
        proxy.Dispose(); // there is QEMU's own socket still
        Write(0);
        Assert.Equal("", process.StandardError.ReadToEnd());
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        RequireNothingLeft(writes: 1);
    }

    [BlockQemuFact]
    public void Script_InADryRun_ChangesNothing()
    {
        string script = WriteScript($"insert {Drive}", $"break {Drive} write_aio A", "wait A 5s", "resume A");
        CommandRun run = Osprey("script", script, "--dry-run");
        Assert.Equal(
            (0, "1: insert drive0\n2: break drive0 write_aio A\n3: wait A 5s\n4: resume A\n"),
            (run.ExitCode, run.Text)
        );
        Assert.Equal(["qcow2", "file"], ListDrivers());
        File.AppendAllText(script, "insert sda\n");
        Assert.Contains($"{script}:5: the guest has no drive 'sda'", Fail("script", script, "--dry-run"));
        Assert.Contains("allow it with --write", Fail("script", script));
    }

    private string Pid => Guest.ProcessId.ToString(CultureInfo.InvariantCulture);

    private CommandRun Osprey(params string[] words) => CommandRun.Of(["block", .. words, "--target", Pid]);

    private void Run(params string[] words)
    {
        CommandRun run = Osprey(words);
        Assert.True(run.ExitCode == 0, $"block {string.Join(' ', words)}: {run.Messages}");
    }

    private string Fail(params string[] words)
    {
        CommandRun run = Osprey(words);
        Assert.Equal((1, ""), (run.ExitCode, run.Text));
        return run.Messages;
    }

    /// <summary>Starts a command, which is killed when it takes too long: no test waits for ever.</summary>
    private Process Start(params string[] words)
    {
        Process process = Process.Start(TestedProgram.With(["block", .. words, "--target", Pid]))!;
        _limit = new Timer(_ => Kill(process), null, s_patience, Timeout.InfiniteTimeSpan);
        return process;
    }

    private static void Kill(Process process)
    {
        try
        {
            process.Kill();
        }
        catch (InvalidOperationException)
        {
            // It has ended.
        }
    }

    private string WriteScript(params string[] lines)
    {
        string path = Path.Combine(Guest.Folder, "steps");
        File.WriteAllLines(path, lines);
        return path;
    }

    private JsonElement List()
    {
        CommandRun run = Osprey("list", "--json");
        Assert.Equal((0, ""), (run.ExitCode, run.Messages));
        return JsonDocument.Parse(run.Text).RootElement;
    }

    private IEnumerable<(string?, bool)> ListBreakpoints() =>
        List()
            .GetProperty("breakpoints")
            .EnumerateArray()
            .Select(item => (item.GetProperty("tag").GetString(), item.GetProperty("suspended").GetBoolean()));

    private static void ReadUntil(Process process, string step)
    {
        while (process.StandardOutput.ReadLine() is { } line)
        {
            if (line.EndsWith(step, StringComparison.Ordinal) || line.Contains($": {step} ", StringComparison.Ordinal))
                return;
        }

        Assert.Fail($"the script does not come to '{step}': {process.StandardError.ReadToEnd()}");
    }

    private void Write(long offset) =>
        Guest.Monitor(string.Create(CultureInfo.InvariantCulture, $"qemu-io -d {Device} \"aio_write -q {offset} 4k\""));

    private long CountWrites() => ReadStatistic("wr_operations");

    private long CountFailedWrites() => ReadStatistic("failed_wr_operations");

    private long ReadStatistic(string name) =>
        Guest.Execute("query-blockstats", new { })[0].GetProperty("stats").GetProperty(name).GetInt64();

    private JsonElement FindNode(string driver) =>
        Guest
            .Execute("query-named-block-nodes", new { })
            .EnumerateArray()
            .Single(node => node.GetProperty("drv").GetString() == driver);

    private IEnumerable<string?> ListDrivers() =>
        List()
            .GetProperty("drives")[0]
            .GetProperty("nodes")
            .EnumerateArray()
            .Select(node => node.GetProperty("driver").GetString());

    /// <summary>All writes have ended, and nothing is left in QEMU.</summary>
    private void RequireNothingLeft(int writes)
    {
        Until(() => CountWrites() == writes);
        Assert.Equal(["qcow2", "file"], ListDrivers());
        Assert.Empty(ListBreakpoints());
        RequireCleanImage();
    }

    private void RequireCleanImage()
    {
        Guest.Execute("quit", new { });
        Until(() => QemuProcess.TryRead(Guest.ProcessId) is null);
        _image!.RequireClean();
    }

    private static void Until(Func<bool> holds)
    {
        var clock = Stopwatch.StartNew();
        while (!holds())
        {
            Assert.True(clock.Elapsed < TimeSpan.FromSeconds(60), "what was waited for did not come");
            Thread.Sleep(20);
        }
    }
}
