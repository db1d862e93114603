using System.Globalization;

namespace Osprey.Target.Backends.Qemu.Processes;

/// <summary>
/// A QEMU's command line and the files that it names, as far as they tell of the guest and of the ways to it. Other
/// options are skipped.
/// </summary>
public sealed record QemuCommandLine
{
    private const ulong MiB = 1UL << 20;

    /// <summary>The guest's name (<c>-name</c>); null when it has none.</summary>
    public string? GuestName { get; private init; }

    /// <summary>
    /// Memory in bytes at the start (<c>-m</c>, or the size of the memory backend). QEMU's own default is 128 MiB; null
    /// when QEMU was told something that can't be read.
    /// </summary>
    public ulong? MemorySize { get; private init; }

    /// <summary>Tells whether memory can be plugged in while the guest runs (<c>maxmem</c> of <c>-m</c>).</summary>
    internal bool CanGetMemory { get; private init; }

    /// <summary>
    /// The number of vCPUs that it starts with (<c>-smp</c>), by default 1; null when QEMU was told something
    /// that can't
    /// be read.
    /// </summary>
    public int? CpuCount { get; private init; }

    /// <summary>The machine's type, such as "q35" or "pc-i440fx-7.2"; null when QEMU chose it.</summary>
    public string? Machine { get; private init; }

    /// <summary>The kernel that QEMU loads itself (<c>-kernel</c>); null when the guest boots from a disk.</summary>
    public string? Kernel { get; private init; }

    /// <summary>Tells whether QEMU ends instead of resetting the machine (<c>-no-reboot</c>).</summary>
    public bool EndsAtReset { get; private init; }

    /// <summary>The sockets that speak QMP, in the order in which QEMU was told of them.</summary>
    public IReadOnlyList<QemuSocket> QmpSockets { get; private init; } = [];

    /// <summary>The sockets where QEMU's gdb stub listens.</summary>
    public IReadOnlyList<QemuSocket> GdbSockets { get; private init; } = [];

    /// <summary>Reads the arguments, the program's name first. Files that they name are taken for unreadable.</summary>
    public static QemuCommandLine Parse(IReadOnlyList<string> arguments) => Parse(arguments, _ => null);

    /// <summary>Reads the arguments, the program's name first.</summary>
    /// <param name="arguments">The arguments.</param>
    /// <param name="readFile">
    /// Reads a file that QEMU was told to read (<c>-readconfig</c>); null when it can't be read.
    /// </param>
    public static QemuCommandLine Parse(IReadOnlyList<string> arguments, Func<string, string?> readFile)
    {
        var settings = QemuSettings.Read(arguments, readFile);
        QemuOption machine = settings["machine"];
        return new QemuCommandLine
        {
            GuestName = settings["name"]["guest"],
            MemorySize = ReadMemorySize(settings),
            CanGetMemory =
                ParseSize(settings["memory"]["maxmem"]) is not null
                || ParseSize(machine["memory.max-size"], 1) is not null,
            CpuCount = ReadCpuCount(settings),
            Machine = machine["type"],
            Kernel = machine["kernel"],
            EndsAtReset = settings["action"]["reboot"] == "shutdown",
            QmpSockets =
            [
                .. settings
                    .Monitors.Select(monitor => ReadQmp(settings, monitor.Option, monitor.IsMonitor))
                    .OfType<QemuSocket>(),
            ],
            GdbSockets = [.. settings.Stubs.Select(stub => ReadSocket(settings, stub)).OfType<QemuSocket>()],
        };
    }

    /// <summary>A size as QEMU takes it: a number, or one with a suffix.</summary>
    /// <param name="text">The text.</param>
    /// <param name="unit">The unit of a number without a suffix: MiB for <c>-m</c>.</param>
    internal static ulong? ParseSize(string? text, ulong unit = MiB)
    {
        if (string.IsNullOrEmpty(text))
            return null;

        int shift = char.ToUpperInvariant(text[^1]) switch
        {
            'B' => 0,
            'K' => 10,
            'M' => 20,
            'G' => 30,
            'T' => 40,
            _ => -1,
        };
        string digits = shift < 0 ? text : text[..^1];
        ulong factor = shift < 0 ? unit : 1UL << shift;
        return
            decimal.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal number)
            && number < (1UL << 62) / factor
            ? (ulong)(number * factor)
            : null;
    }

    private static ulong? ReadMemorySize(QemuSettings settings)
    {
        QemuOption machine = settings["machine"];
        if ((ParseSize(settings["memory"]["size"]) ?? ParseSize(machine["memory.size"], 1)) is { } told)
            return told;

        if (machine["memory-backend"] is { } backend)
            return ParseSize(settings["object", backend]["size"], 1);

        return settings.IsComplete ? 128 * MiB : null;
    }

    private static int? ReadCpuCount(QemuSettings settings)
    {
        QemuOption processors = settings["smp-opts"];
        QemuOption machine = settings["machine"];
        int? Get(string key) => ParseCount(processors[key] ?? machine["smp." + key]);

        if ((Get("cpus") ?? Get("maxcpus")) is int cpus)
            return cpus;

        long product = 1;
        bool any = false;
        foreach (
            string key in (ReadOnlySpan<string>)
                ["drawers", "books", "sockets", "dies", "clusters", "modules", "cores", "threads"]
        )
        {
            if (Get(key) is int count)
            {
                any = true;
                product = Math.Min(product * count, int.MaxValue);
            }
        }

        return any && product <= 4096 ? (int)product
            : settings.IsComplete ? 1
            : null;
    }

    private static QemuSocket? ReadQmp(QemuSettings settings, QemuOption option, bool isMonitor)
    {
        if (!isMonitor)
            return ReadSocket(settings, option);

        return option["mode"] == "control" && option["chardev"] is { } chardev ? ReadChardev(settings, chardev) : null;
    }

    /// <summary>Reads a socket's address, or <c>chardev:ID</c>.</summary>
    private static QemuSocket? ReadSocket(QemuSettings settings, QemuOption option) =>
        option.First?.StartsWith("chardev:", StringComparison.Ordinal) == true
            ? ReadChardev(settings, option.First[8..])
            : QemuSocket.TryParse(option);

    private static QemuSocket? ReadChardev(QemuSettings settings, string id)
    {
        QemuOption chardev = settings["chardev", id];
        return chardev["backend"] == "socket" ? QemuSocket.TryParse(chardev) : null;
    }

    private static int? ParseCount(string? text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int count) && count is > 0 and <= 4096
            ? count
            : null;
}
