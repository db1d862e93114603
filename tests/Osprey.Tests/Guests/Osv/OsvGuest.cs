using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Osprey.Tests.Symbols.Oracle;

namespace Osprey.Tests.Guests.Osv;

/// <summary>
/// An OSv guest, booted in QEMU without hardware help from the build that <c>OSPREY_OSV_BUILD</c> names, or another
/// one.
/// </summary>
/// <remarks>
/// The guest runs what its image is made to run. With OSv's REST server in the image, requests to it keep the guest
/// busy. Otherwise the guest waits for an address on a network without a server, when all of the kernel is up. A timer
/// samples in either case. A guest that is told what to run gets an address, and nothing samples.
/// </remarks>
internal sealed class OsvGuest : IDisposable
{
    /// <summary>Bytes of RAM.</summary>
    public const long RamSize = 256 << 20;

    private static readonly TimeSpan s_bootLimit = TimeSpan.FromMinutes(2);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("osprey-osv");
    private readonly string _memoryFolder;
    private readonly GuestProcess _process;
    private readonly int _port;

    /// <summary>Starts it; it is not up yet.</summary>
    /// <param name="cpus">How many vCPUs.</param>
    /// <param name="build">What to boot; null is the build of <c>OSPREY_OSV_BUILD</c>.</param>
    /// <param name="program">
    /// What to run: options for the kernel, a program of the image and its arguments. Null is what the image runs.
    /// </param>
    /// <param name="dumpsNetwork">Whether QEMU writes what its network carries to <see cref="NetworkDump"/>.</param>
    public OsvGuest(int cpus, OsvBuildFolder? build = null, string? program = null, bool dumpsNetwork = false)
    {
        Cpus = cpus;
        Build = build ?? OsvBuild.Folder;
        _memoryFolder = Directory.CreateDirectory(Path.Combine(GetMemoryRoot(), _folder.Name)).FullName;
        var image = new OsvImage(Build.Path);
        HasServer = program is null && image.HasServer;
        _port = HasServer ? FindPort() : 0;
        string network =
            HasServer ? string.Create(CultureInfo.InvariantCulture, $"user,id=n0,hostfwd=tcp:127.0.0.1:{_port}-:8000")
            : program is null ? "hubport,id=n0,hubid=0"
            : "user,id=n0";
        string commandLine = program is null
            ? $"--sampler=1000 --trace=vfs_*,sched_* --trace-backtrace {image.GetCommandLine()}"
            : $"{image.Options} {program}";
        _process = new GuestProcess([
            "-name",
            Name,
            "-accel",
            "tcg,thread=multi",
            "-cpu",
            "max",
            "-smp",
            $"{cpus}",
            "-m",
            "256",
            "-nodefaults",
            "-no-reboot",
            "-display",
            "none",
            "-machine",
            "pc,memory-backend=ram0",
            "-object",
            $"memory-backend-file,id=ram0,size=256M,share=on,mem-path={MemoryFile}",
            "-kernel",
            Build.Kernel,
            "-append",
            $"--noshutdown {commandLine}",
            "-drive",
            $"file={Build.Image},if=none,id=hd0,snapshot=on,file.locking=off",
            "-device",
            "virtio-blk-pci,drive=hd0",
            "-netdev",
            network,
            "-device",
            "virtio-net-pci,netdev=n0",
            "-device",
            "virtio-rng-pci",
            "-chardev",
            $"file,id=console,path={PathOf("console")}",
            "-serial",
            "chardev:console",
            "-qmp",
            $"unix:{PathOf("qmp")},server=on,wait=off",
            "-qmp",
            $"unix:{TestQmpSocket},server=on,wait=off",
            "-gdb",
            $"unix:{GdbSocket},server=on,wait=off",
            .. dumpsNetwork ? ["-object", $"filter-dump,id=dump,netdev=n0,file={NetworkDump}"] : Array.Empty<string>(),
        ]);
        try
        {
            WaitUntil("has a monitor", () => File.Exists(GdbSocket));
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>What was booted.</summary>
    public OsvBuildFolder Build { get; }

    /// <summary>How many vCPUs it has.</summary>
    public int Cpus { get; }

    /// <summary>Whether the image has the REST server.</summary>
    public bool HasServer { get; }

    /// <summary>What QEMU calls it; no other guest is called so.</summary>
    public string Name => _folder.Name;

    /// <summary>QEMU's process.</summary>
    public int ProcessId => _process.Id;

    /// <summary>A QMP socket for the tests; there is another one for what is tested.</summary>
    public string TestQmpSocket => PathOf("test-qmp");

    /// <summary>The socket of QEMU's GDB stub. QEMU stops the guest for whoever connects.</summary>
    public string GdbSocket => PathOf("gdb");

    /// <summary>What QEMU's filter-dump wrote of the network, where that was asked for.</summary>
    public string NetworkDump => PathOf("network.pcap");

    /// <summary>The file that is the guest's memory.</summary>
    public string MemoryFile => Path.Combine(_memoryFolder, "memory");

    /// <summary>A path in a folder that lives as long as the guest.</summary>
    public string PathOf(string name) => Path.Combine(_folder.FullName, name);

    /// <summary>
    /// Waits until the kernel says its version, which may be empty: from then on it has its own page tables.
    /// </summary>
    /// <exception cref="InvalidOperationException">It did not; the message holds what it printed.</exception>
    public void WaitForKernel() => WaitForText("OSv ");

    /// <summary>Waits until its console has a text.</summary>
    /// <exception cref="InvalidOperationException">It has not; the message holds what it printed.</exception>
    public void WaitForText(string text) =>
        WaitUntil($"says '{text}'", () => ReadConsole().Contains(text, StringComparison.Ordinal));

    /// <summary>Waits until it is up.</summary>
    /// <exception cref="InvalidOperationException">It did not come up; the message holds what it printed.</exception>
    public void WaitForBoot()
    {
        WaitForKernel();
        if (HasServer)
            WaitUntil("answers", () => TryAsk("/os/version"));
        else
            Thread.Sleep(4000);
    }

    /// <summary>Gives it something to do. Where it has no server, or none yet, nothing is asked.</summary>
    /// <returns>Whether it answered.</returns>
    public bool TryAsk(string path)
    {
        if (!HasServer)
            return false;

        using var client = new HttpClient { Timeout = TimeSpan.FromSeconds(2) };
        try
        {
            client
                .GetStringAsync(new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{_port}{path}")))
                .GetAwaiter()
                .GetResult();
            return true;
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
        {
            return false;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _process.Dispose();
        _folder.Delete(true);
        Directory.Delete(_memoryFolder, true);
    }

    private void WaitUntil(string what, Func<bool> isSo)
    {
        var clock = Stopwatch.StartNew();
        while (!isSo())
        {
            if (!_process.IsRunning || clock.Elapsed > s_bootLimit)
                throw new InvalidOperationException(
                    $"the OSv guest {(_process.IsRunning ? "runs" : "ended")} and never "
                        + $"{what}\n{_process.Errors}\n{ReadConsole()}"
                );

            Thread.Sleep(20);
        }
    }

    private string ReadConsole()
    {
        if (!File.Exists(PathOf("console")))
            return "";

        using var reader = new StreamReader(
            new FileStream(PathOf("console"), FileMode.Open, FileAccess.Read, FileShare.ReadWrite)
        );
        return reader.ReadToEnd();
    }

    private static int FindPort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    // Containers often have little of the memory file system; any other file is as good, only slower.
    private static string GetMemoryRoot() =>
        Directory.Exists("/dev/shm") && new DriveInfo("/dev/shm").AvailableFreeSpace > RamSize + (64 << 20)
            ? "/dev/shm"
            : Path.GetTempPath();
}
