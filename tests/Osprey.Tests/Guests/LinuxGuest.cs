using System.Diagnostics;
using System.Text.Json;
using Osprey.Tests.Guests.Qmp;
using Osprey.Tests.Guests.Report;
using Osprey.Tests.Symbols.Oracle;

namespace Osprey.Tests.Guests;

/// <summary>
/// A Linux guest that runs: booted in QEMU without hardware help, its report read, its vCPUs spinning since.
/// </summary>
/// <remarks>
/// While a vCPU spins, its CR3 gives its worker's address space: that of <see cref="GuestWorker.Space"/>. Timers still
/// interrupt it, so that a look at a vCPU now and then finds it in the kernel.
/// </remarks>
internal sealed class LinuxGuest : IDisposable
{
    private static readonly TimeSpan s_bootLimit = TimeSpan.FromMinutes(3);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("osprey-guest");
    private readonly string? _memoryFolder;
    private readonly GuestProcess _process;
    private readonly GuestReport? _report;

    /// <summary>Boots it.</summary>
    /// <exception cref="InvalidOperationException">It did not come up; the message holds what it printed.</exception>
    public LinuxGuest(LinuxGuestVariant variant)
    {
        Variant = variant;
        MemoryFile = null;
        if (variant.Arguments.Any(argument => argument.Contains("{memory}", StringComparison.Ordinal)))
        {
            _memoryFolder = Directory.CreateDirectory(Path.Combine(GetMemoryRoot(), _folder.Name)).FullName;
            MemoryFile = Path.Combine(_memoryFolder, "memory");
        }

        var clock = Stopwatch.StartNew();
        _process = new GuestProcess(GetArguments());
        try
        {
            string report = WaitForReport(clock);
            _report = variant.Init.Length == 0 ? GuestReport.Parse(report) : null;
            BootTime = clock.Elapsed;
            if (!variant.IsIdle)
                StepBack();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public LinuxGuestVariant Variant { get; }

    /// <summary>What it said about itself.</summary>
    /// <exception cref="InvalidOperationException">Its init says nothing.</exception>
    public GuestReport Report =>
        _report ?? throw new InvalidOperationException($"the guest ({Variant}) makes no report");

    /// <summary>From QEMU's start to the report's end.</summary>
    public TimeSpan BootTime { get; }

    /// <summary>What QEMU calls it; no other guest is called so.</summary>
    public string Name => _folder.Name;

    /// <summary>QEMU's process.</summary>
    public int ProcessId => _process.Id;

    /// <summary>Whether QEMU still runs.</summary>
    public bool IsRunning => _process.IsRunning;

    /// <summary>A QMP socket for what is tested.</summary>
    public string QmpSocket => Path.Combine(_folder.FullName, "qmp");

    /// <summary>Another QMP socket, for the tests.</summary>
    public string TestQmpSocket => Path.Combine(_folder.FullName, "test-qmp");

    /// <summary>The socket of QEMU's GDB stub. QEMU stops the guest for whoever connects.</summary>
    public string GdbSocket => Path.Combine(_folder.FullName, "gdb");

    /// <summary>The file that is the guest's memory; null in variants without one.</summary>
    public string? MemoryFile { get; }

    /// <summary>A folder that lives as long as the guest.</summary>
    public string Folder => _folder.FullName;

    /// <summary>What the kernel printed.</summary>
    public string ReadConsole() => ReadShared("console");

    /// <summary>What its init wrote to the first serial line.</summary>
    public string ReadReport() => ReadShared("report");

    /// <inheritdoc/>
    public void Dispose()
    {
        _process.Dispose();
        _folder.Delete(true);
        if (_memoryFolder is not null)
            Directory.Delete(_memoryFolder, true);
    }

    private string[] GetArguments() =>
        [
            "-name",
            Name,
            "-accel",
            "tcg,thread=multi",
            "-smp",
            "2",
            "-nodefaults",
            "-no-reboot",
            "-display",
            "none",
            "-kernel",
            LinuxGuestImage.Kernel,
            "-initrd",
            LinuxGuestImage.GetInitramfs(Variant.Init),
            "-append",
            // On a busy host the kernel would take the timer for broken, and panic.
            (
                "console=ttyS1 quiet panic=-1 no_timer_check hugepages=4 numa_balancing=disable "
                + Variant.KernelArguments
            ).TrimEnd(),
            "-chardev",
            $"file,id=report,path={PathOf("report")}",
            "-serial",
            "chardev:report",
            "-chardev",
            $"file,id=console,path={PathOf("console")}",
            "-serial",
            "chardev:console",
            "-qmp",
            $"unix:{QmpSocket},server=on,wait=off",
            "-qmp",
            $"unix:{TestQmpSocket},server=on,wait=off",
            "-gdb",
            $"unix:{GdbSocket},server=on,wait=off",
            .. Variant.Arguments.Select(argument => argument.Replace("{memory}", MemoryFile, StringComparison.Ordinal)),
        ];

    private string WaitForReport(Stopwatch clock)
    {
        while (clock.Elapsed < s_bootLimit && IsRunning)
        {
            string report = ReadShared("report");
            int last = report.LastIndexOf('\n', Math.Max(report.Length - 2, 0)) + 1;
            if (report.EndsWith('\n') && report.AsSpan(last).StartsWith("ready "))
                return report;

            Thread.Sleep(20);
        }

        string found = IsRunning ? $"was not ready after {s_bootLimit.TotalSeconds} s" : "ended";
        throw new InvalidOperationException(
            $"the guest ({Variant}) {found}\n{_process.Errors}\n{ReadConsole()}\n{ReadShared("report")}"
        );
    }

    // Spinning vCPUs would take the machine from the tests. QEMU's other threads, which answer them, stay as they are.
    private void StepBack()
    {
        using var qmp = new QmpClient(TestQmpSocket);
        foreach (JsonElement cpu in qmp.Execute("query-cpus-fast").EnumerateArray())
            Tools.Run("renice", ["-n", "19", "-p", cpu.GetProperty("thread-id").ToString()]);
    }

    private string PathOf(string name) => Path.Combine(_folder.FullName, name);

    private string ReadShared(string name)
    {
        if (!File.Exists(PathOf(name)))
            return "";

        using var reader = new StreamReader(
            new FileStream(PathOf(name), FileMode.Open, FileAccess.Read, FileShare.ReadWrite)
        );
        return reader.ReadToEnd();
    }

    // Containers often have little of the memory file system; any other file is as good, only slower.
    private static string GetMemoryRoot()
    {
        const string MemoryFileSystem = "/dev/shm";
        return Directory.Exists(MemoryFileSystem) && new DriveInfo(MemoryFileSystem).AvailableFreeSpace > 300L << 20
            ? MemoryFileSystem
            : Path.GetTempPath();
    }
}
