using System.Globalization;
using Osprey.Target.Backends.Qemu.Processes;

namespace Osprey.Target.Backends.Qemu.Replay;

// QEMU records what comes to a guest from outside, and the instruction that it came at, and gives it to the guest again
// at the same one (docs/system/replay.rst of QEMU). That needs more than -icount: requests of a drive and packets of a
// network go through a filter that puts them into that order, and to go backwards there must be snapshots, which are
// kept in images of the format qcow2: one of its own for the machine's state, and one over each drive, so that the
// drive itself never changes.

/// <summary>The command line of a QEMU that records or replays, made of that of one that only runs.</summary>
public sealed class ReplayArguments
{
    private readonly List<string> _words = [];
    private readonly List<ReplayDrive> _drives = [];
    private readonly string _folder;

    private ReplayArguments(string folder) => _folder = folder;

    /// <summary>The drives, over each of which there must be an image before QEMU starts.</summary>
    public IReadOnlyList<ReplayDrive> Drives => _drives;

    /// <summary>The image that the machine's snapshots are kept in: it is the guest's for nothing.</summary>
    public string SnapshotImage => Path.Combine(_folder, "snapshots.qcow2");

    /// <summary>
    /// Tells whether the network card was left out that QEMU adds where none is named: its packets go through no
    /// filter, and the replay would stand still at its first instruction.
    /// </summary>
    public bool LeavesOutNetwork { get; private set; }

    /// <summary>The words of the command line, without the program's name.</summary>
    public IReadOnlyList<string> Words => _words;

    /// <summary>Makes the command line.</summary>
    /// <param name="arguments">The arguments of the QEMU that only runs, without the program's name.</param>
    /// <param name="folder">The recording's folder.</param>
    /// <param name="plays">True to replay; false to record.</param>
    /// <exception cref="FormatException">It has what can't be recorded; the message says what to write.</exception>
    public static ReplayArguments Build(IReadOnlyList<string> arguments, string folder, bool plays)
    {
        var built = new ReplayArguments(folder);
        for (int i = 0; i < arguments.Count; i++)
        {
            string option = arguments[i].StartsWith("--", StringComparison.Ordinal) ? arguments[i][1..] : arguments[i];
            string? value = i + 1 < arguments.Count ? arguments[i + 1] : null;
            if (built.TryTake(option, value))
                i++;
            else
                built._words.Add(arguments[i]);
        }

        string[] networks = ["-nodefaults", "-net", "-nic", "-netdev"];
        built.LeavesOutNetwork = !built._words.Exists(networks.Contains);
        if (built.LeavesOutNetwork)
            built._words.AddRange(["-nic", "none"]);

        string mode = plays ? "replay" : "record";
        built._words.AddRange([
            "-icount",
            $"shift=3,rr={mode},rrfile={Quote(Path.Combine(folder, "events"))},rrsnapshot=init",
            "-drive",
            $"file={Quote(built.SnapshotImage)},format=qcow2,if=none,id=osprey-snapshots",
            // Its reset waits for a vCPU that waits for the recording: QEMU 7.2 hangs now and then on the way back.
            "-global",
            "apic-common.vapic=off",
        ]);
        if (plays && !built._words.Contains("-S"))
            built._words.Add("-S");

        var known = QemuCommandLine.Parse(["qemu", .. built._words]);
        if (plays && known.GdbSockets.Count == 0)
            built._words.AddRange(["-gdb", Socket(folder, "gdb")]);

        if (plays && known.QmpSockets.Count == 0)
            built._words.AddRange(["-qmp", Socket(folder, "qmp")]);

        return built;
    }

    private static string Socket(string folder, string name) =>
        $"unix:{Quote(Path.Combine(folder, name))},server=on,wait=off";

    /// <summary>Takes an option with its value that has to be another one, or can't be.</summary>
    private bool TryTake(string option, string? value)
    {
        switch (option)
        {
            case "-enable-kvm":
                throw new FormatException("-enable-kvm: only emulated guests can be recorded (-accel tcg)");
            case "-icount":
                throw new FormatException("-icount: it is added here");
            case "-accel" or "-machine" or "-M" when value is not null:
                RequireEmulation(option, value);
                if (option != "-accel")
                    return false;

                _words.AddRange(["-accel", value.Replace("thread=multi", "thread=single", StringComparison.Ordinal)]);
                return true;
            case "-hda" or "-hdb" or "-hdc" or "-hdd" or "-cdrom" or "-fda" or "-blockdev":
                throw new FormatException($"{option}: write -drive file=...,if=none,id=NAME and a -device for it");
            case "-drive" when value is not null:
                TakeDrive(value);
                return true;
            case "-net" or "-nic" when value is not null and not "none":
                throw new FormatException($"{option} {value}: write -netdev ...,id=NAME and a -device for it");
            case "-netdev" when value is not null:
                string id = new QemuOption(value)["id"] ?? throw new FormatException($"-netdev {value}: it has no id");
                _words.AddRange(["-netdev", value, "-object", $"filter-replay,id=osprey-{id},netdev={id}"]);
                return true;
            default:
                return false;
        }
    }

    private static void RequireEmulation(string option, string value)
    {
        var read = new QemuOption(value);
        foreach (string? accelerator in (string?[])[option == "-accel" ? read.First : null, read["accel"]])
        {
            if (accelerator?.Split(':')[0] is { } first and not "tcg")
                throw new FormatException($"{option} {value}: only emulated guests can be recorded, not by {first}");
        }
    }

    private void TakeDrive(string value)
    {
        var drive = new QemuOption(value);
        if (drive["if"] == "pflash")
        {
            _words.AddRange(["-drive", value]);
            return;
        }

        if (drive["if"] != "none" || drive["id"] is not { } id || drive["file"] is not { } file)
            throw new FormatException(
                $"-drive {value}: to be recorded it must be file=...,if=none,id=NAME with a -device that names it"
            );

        string image = Path.Combine(
            _folder,
            string.Create(CultureInfo.InvariantCulture, $"drive{_drives.Count}.qcow2")
        );
        _drives.Add(new ReplayDrive(file, drive["format"], image));
        _words.AddRange([
            "-drive",
            $"file={Quote(image)},format=qcow2,if=none,id=osprey-{id}",
            "-drive",
            $"driver=blkreplay,if=none,image=osprey-{id},id={id}",
        ]);
    }

    /// <summary>QEMU's options end at a comma, unless there are two.</summary>
    private static string Quote(string text) => text.Replace(",", ",,", StringComparison.Ordinal);
}
