using System.Globalization;
using Osprey.Target.Backends.Qemu.Qmp;

namespace Osprey.Target.Backends.Qemu.Processes;

/// <summary>
/// A QEMU's command line, as far as it tells of the guest and of the ways to it. Other options are skipped.
/// </summary>
public sealed record QemuCommandLine
{
    private const ulong MiB = 1UL << 20;

    /// <summary>The guest's name (<c>-name</c>); null when it has none.</summary>
    public string? GuestName { get; private init; }

    /// <summary>Memory in bytes at the start (<c>-m</c>). QEMU's own default is 128 MiB.</summary>
    public ulong MemorySize { get; private init; } = 128 * MiB;

    /// <summary>The number of vCPUs that it starts with (<c>-smp</c>).</summary>
    public int CpuCount { get; private init; } = 1;

    /// <summary>The machine's type, such as "q35" or "pc-i440fx-7.2"; null when QEMU chose it.</summary>
    public string? Machine { get; private init; }

    /// <summary>The kernel that QEMU loads itself (<c>-kernel</c>); null when the guest boots from a disk.</summary>
    public string? Kernel { get; private init; }

    /// <summary>The sockets that speak QMP, in the order of the command line.</summary>
    public IReadOnlyList<QemuSocket> QmpSockets { get; private init; } = [];

    /// <summary>The sockets where QEMU's gdb stub listens.</summary>
    public IReadOnlyList<QemuSocket> GdbSockets { get; private init; } = [];

    /// <summary>Reads the arguments, the program's name first.</summary>
    public static QemuCommandLine Parse(IReadOnlyList<string> arguments)
    {
        var line = new QemuCommandLine();
        var chardevs = new Dictionary<string, QemuSocket>();
        var monitors = new List<(string Chardev, int Position)>();
        var qmp = new List<QemuSocket?>();
        var gdb = new List<(QemuSocket? Socket, string? Chardev)>();
        for (int i = 1; i < arguments.Count; i++)
        {
            string option = arguments[i].StartsWith("--", StringComparison.Ordinal) ? arguments[i][1..] : arguments[i];
            if (option == "-s")
            {
                gdb.Add((new QemuSocket(QmpEndpoint.Tcp("localhost", 1234), null), null));
                continue;
            }

            if (i + 1 >= arguments.Count || !option.StartsWith('-'))
                continue;

            var value = new QemuOption(arguments[i + 1]);
            switch (option)
            {
                case "-name":
                    line = line with { GuestName = value["guest"] ?? value.First };
                    break;
                case "-m":
                    line = line with { MemorySize = ParseSize(value["size"] ?? value.First) ?? line.MemorySize };
                    break;
                case "-smp":
                    line = line with { CpuCount = ParseCpuCount(value) ?? line.CpuCount };
                    break;
                case "-machine" or "-M":
                    line = line with { Machine = value["type"] ?? value.First ?? line.Machine };
                    break;
                case "-kernel":
                    line = line with { Kernel = arguments[i + 1] };
                    break;
                case "-qmp" or "-qmp-pretty":
                    qmp.Add(QemuSocket.TryParse(value));
                    break;
                case "-mon" when value["mode"] == "control" && (value["chardev"] ?? value.First) is { } chardev:
                    monitors.Add((chardev, qmp.Count));
                    qmp.Add(null);
                    break;
                case "-chardev"
                    when value.First == "socket" && value["id"] is { } id && QemuSocket.TryParse(value) is { } socket:
                    chardevs[id] = socket;
                    break;
                case "-gdb":
                    gdb.Add(
                        (
                            QemuSocket.TryParse(value),
                            value.First?.StartsWith("chardev:", StringComparison.Ordinal) == true
                                ? value.First[8..]
                                : null
                        )
                    );
                    break;
                default:
                    continue;
            }

            i++;
        }

        foreach ((string chardev, int position) in monitors)
            qmp[position] = chardevs.GetValueOrDefault(chardev);

        return line with
        {
            QmpSockets = [.. qmp.OfType<QemuSocket>()],
            GdbSockets =
            [
                .. gdb.Select(item => item.Chardev is null ? item.Socket : chardevs.GetValueOrDefault(item.Chardev))
                    .OfType<QemuSocket>(),
            ],
        };
    }

    /// <summary>A size as QEMU takes it: a number of MiB, or one with a suffix.</summary>
    internal static ulong? ParseSize(string? text)
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
        return
            decimal.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal number)
            && number < 1 << 24
            ? (ulong)(number * (1UL << (shift < 0 ? 20 : shift)))
            : null;
    }

    private static int? ParseCpuCount(QemuOption value)
    {
        if (ParseCount(value["cpus"] ?? value.First) is int cpus)
            return cpus;

        long product = 1;
        bool any = false;
        foreach (string key in (ReadOnlySpan<string>)["sockets", "dies", "clusters", "cores", "threads"])
        {
            if (ParseCount(value[key]) is int count)
            {
                any = true;
                product *= count;
            }
        }

        return any && product <= 4096 ? (int)product : null;
    }

    private static int? ParseCount(string? text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int count) && count is > 0 and <= 4096
            ? count
            : null;
}
