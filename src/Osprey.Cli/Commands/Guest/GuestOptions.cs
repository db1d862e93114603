using System.CommandLine;
using System.Globalization;
using Osprey.Cli.CommandLine;
using Osprey.Cli.Commands.Guest.Shell;
using Osprey.Cli.Rendering.Answers;
using Osprey.Session.Guests;
using Osprey.Target;
using Osprey.Target.Execution;

namespace Osprey.Cli.Commands.Guest;

/// <summary>
/// The options that choose a guest, its programs and the form of the answer, for all commands that look into one.
/// </summary>
internal sealed class GuestOptions
{
    private readonly Option<string> _target = new("--target", "-T")
    {
        Description =
            $"The guest: {TargetSpec.Syntax}; that of OSPREY_TARGET, or the only one of this host, when left out",
        HelpName = "GUEST",
    };
    private readonly Option<string> _qmp = new("--qmp")
    {
        Description =
            "QEMU's QMP socket: a path or HOST:PORT; found by itself where QEMU was told of it on its command line "
            + "or in a -readconfig file",
        HelpName = "ADDRESS",
    };
    private readonly Option<string> _exe = new("--exe", "-e")
    {
        Description =
            "The guest's kernel as an ELF file with debug info, or Linux's vmlinuz or System.map; found by itself for "
            + "OSv beside QEMU's -kernel, for Linux under /usr/lib/debug",
        HelpName = "PATH",
    };
    private readonly Option<string[]> _modules = new("--module")
    {
        Description =
            "Another program of the guest and where it is loaded (0x0: where it was linked to); may be repeated",
        HelpName = "PATH@BASE",
        AllowMultipleArgumentsPerToken = false,
    };
    private readonly Option<string[]> _sysroots = new("--sysroot")
    {
        Description = "A folder to look for files in that the guest has loaded; may be repeated",
        HelpName = "FOLDER",
        AllowMultipleArgumentsPerToken = false,
    };
    private readonly Option<bool> _anyBuild = new("--any-build")
    {
        Description = "Use ELF files although the guest's memory holds something else",
    };
    private readonly Option<bool> _noCache = new("--no-cache")
    {
        Description = "Do not read or write the index of debug info kept on disk",
    };
    private readonly Option<int?> _cpu = new("--cpu")
    {
        Description = "Take the address space (CR3) and registers of this vCPU, from 0",
        HelpName = "N",
    };
    private readonly Option<string> _thread = new("--thread")
    {
        Description = "Take the registers and variables of this thread of the guest, by number, address or name",
        HelpName = "THREAD",
    };
    private readonly Option<string> _cr3 = new("--cr3")
    {
        Description = "Take the address space of these page tables instead",
        HelpName = "ADDRESS",
    };
    private readonly Option<bool> _json;

    private readonly Option<bool>? _csv;

    /// <param name="command">Gets the options.</param>
    /// <param name="isListing">Whether the answer is rows, which CSV can hold.</param>
    /// <param name="hasForms">Whether the answer can be JSON as well.</param>
    /// <param name="hasContext">Whether a vCPU, a thread or page tables can be chosen.</param>
    /// <param name="json">The command's own option for JSON, where it has one already.</param>
    public GuestOptions(
        Command command,
        bool isListing = false,
        bool hasForms = true,
        bool hasContext = true,
        Option<bool>? json = null
    )
    {
        _json = json ?? new Option<bool>("--json") { Description = "Print JSON instead of text" };
        using var group = OptionGroup.Begin(command, OptionGroup.Guest);
        command.AddOptions(_target, _qmp, _exe, _modules, _sysroots, _anyBuild, _noCache);

        if (hasContext)
        {
            command.AddOptions(_cpu, _thread, _cr3);
        }

        if (hasForms && json is null)
            command.Options.Add(_json);

        if (!isListing)
            return;

        _csv = new Option<bool>("--csv") { Description = "Print comma-separated values instead of text" };
        command.Options.Add(_csv);
    }

    /// <summary>Returns the form that was asked for.</summary>
    /// <exception cref="UsageException">Two were.</exception>
    public AnswerFormat ReadFormat(ParseResult result)
    {
        bool isCsv = _csv is not null && result.GetValue(_csv);
        if (!IsJson(result))
            return isCsv ? AnswerFormat.Csv : AnswerFormat.Text;

        return isCsv ? throw new UsageException("choose one of --json and --csv") : AnswerFormat.Json;
    }

    /// <summary>The names of the options that name the guest or its programs.</summary>
    public static IReadOnlyList<string> NamingGuest { get; } =
    ["--target", "--qmp", "--exe", "--module", "--sysroot", "--any-build", "--no-cache"];

    /// <summary>The option that allows the guest to be written; null for commands that never write.</summary>
    public Option<bool>? Write { get; init; }

    /// <summary>
    /// An option that names a gdb stub as HOST:PORT in place of the guest; null for commands without.
    /// </summary>
    public Option<string>? Remote { get; init; }

    /// <summary>Whether the command has something to say of a program of this host as well (process:PID).</summary>
    public bool TakesPrograms { get; init; }

    /// <summary>Refuses a program where the command can only speak of a guest.</summary>
    /// <exception cref="TargetException">It is a program, and the command takes none.</exception>
    public void RequireTaken(GuestTarget target)
    {
        if (target.Program is { } program && !TakesPrograms)
            throw new TargetException(
                TargetProblem.NotSupported,
                $"{program.Description} is a program, not a guest: of programs, the commands trace, strace, info, "
                    + "modules, read, search, symbol, disassemble and print can tell something"
            );
    }

    /// <summary>The option for a process whose memory counts; null for commands without.</summary>
    public Option<string>? Process { get; init; }

    /// <summary>Creates the option for a process whose memory counts.</summary>
    public static Option<string> CreateProcessOption() =>
        new("--pid")
        {
            Description = "Take the memory of this process of the guest, by number, address or name; it need not run",
            HelpName = "PROCESS",
        };

    /// <summary>The environment variable with the guest of command lines that name none.</summary>
    public const string TargetVariable = "OSPREY_TARGET";

    /// <summary>Tells whether the command line names a guest.</summary>
    public bool NamesTarget(ParseResult result) =>
        result.GetValue(_target) is not null || GetRemote(result) is not null;

    /// <summary>Returns what <see cref="TargetVariable"/> has, where that names the guest; null otherwise.</summary>
    public string? GetInheritedTarget(ParseResult result) =>
        !NamesTarget(result) && Environment.GetEnvironmentVariable(TargetVariable) is { Length: > 0 } name
            ? name
            : null;

    public bool IsJson(ParseResult result) => result.GetValue(_json);

    /// <summary>
    /// Tells whether the command line says anything of the guest or its programs, so that a shell's will not do.
    /// </summary>
    public bool NamesGuest(ParseResult result) =>
        new Option?[] { _target, _qmp, _exe, _modules, _sysroots, _anyBuild, _noCache, Write, Remote }.Any(option =>
            option is not null && result.GetResult(option) is { Implicit: false }
        );

    /// <summary>Tells whether the command line chooses a vCPU, a thread, a process or page tables.</summary>
    public bool Selects(ParseResult result) =>
        new Option?[] { _cpu, _thread, _cr3, Process }.Any(option =>
            option is not null && result.GetResult(option) is { Implicit: false }
        );

    /// <summary>The vCPU that was named; null when none was.</summary>
    /// <param name="result">The command line.</param>
    /// <param name="orAttached">Whether that of the shell counts where the command line has none.</param>
    public int? GetCpu(ParseResult result, bool orAttached = true) =>
        orAttached && FindAttached(result) is { } attached && !Selects(result)
            ? attached.Defaults.Cpu
            : result.GetValue(_cpu);

    /// <summary>The thread that was named; null when none was.</summary>
    /// <param name="result">The command line.</param>
    /// <param name="orAttached">Whether that of the shell counts where the command line has none.</param>
    public string? GetThread(ParseResult result, bool orAttached = true) =>
        orAttached && FindAttached(result) is { } attached && !Selects(result)
            ? attached.Defaults.Thread
            : result.GetValue(_thread);

    /// <summary>
    /// Finds the guest that is open already and that this command line is about; null when it needs another.
    /// </summary>
    public AttachedGuest? FindAttached(ParseResult result) => NamesGuest(result) ? null : AttachedGuest.Current;

    public GuestSettings ReadSettings(ParseResult result) =>
        new()
        {
            Target = TargetSpec.Parse(
                GetInheritedTarget(result) ?? (GetRemote(result) is { } stub ? "gdb:" + stub : result.GetValue(_target))
            ),
            QmpAddress = result.GetValue(_qmp),
            ExecutablePath = result.GetValue(_exe),
            SearchFolders = [.. RequireFolders(result.GetValue(_sysroots) ?? []), .. BuildFolders.All],
            Modules = result.GetValue(_modules) ?? [],
            AcceptAnyBuild = result.GetValue(_anyBuild),
            NoCache = result.GetValue(_noCache),
            Cpu = result.GetValue(_cpu) is not < 0
                ? result.GetValue(_cpu)
                : throw new UsageException("--cpu counts from 0"),
            Thread = result.GetValue(_thread),
            Process = ReadProcess(result),
            PageTableRoot = ParseRoot(result.GetValue(_cr3)),
            Permissions =
                Write is not null && result.GetValue(Write) ? TargetPermissions.Write : TargetPermissions.None,
        };

    private string? ReadProcess(ParseResult result)
    {
        if (Process is null || result.GetValue(Process) is not { } process)
            return null;

        return new Option[] { _cpu, _thread, _cr3 }.Any(option => result.GetResult(option) is { Implicit: false })
            ? throw new UsageException("choose one of --pid, --thread, --cpu and --cr3")
            : process;
    }

    private static string[] RequireFolders(string[] folders)
    {
        foreach (string folder in folders)
        {
            if (!Directory.Exists(folder))
                throw new CommandFailedException(
                    $"--sysroot {folder}: {(File.Exists(folder) ? "a file, not a folder" : "there is no such folder")}"
                );
        }

        return folders;
    }

    private string? GetRemote(ParseResult result)
    {
        string? remote = Remote is null ? null : result.GetValue(Remote);
        return remote is not null && result.GetValue(_target) is not null
            ? throw new UsageException($"choose one of --target and {Remote!.Name}")
            : remote;
    }

    private static ulong? ParseRoot(string? text)
    {
        if (text is null)
            return null;

        ReadOnlySpan<char> digits = text.StartsWith("0x", StringComparison.OrdinalIgnoreCase) ? text.AsSpan(2) : text;
        return ulong.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong root)
            ? root
            : throw new UsageException($"--cr3: '{text}' is not a hexadecimal address");
    }
}
