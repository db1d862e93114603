using System.CommandLine;
using Osprey.Cli.CommandLine;
using Osprey.Cli.Commands.Guest;
using Osprey.Cli.Rendering.Streams;
using Osprey.Cli.Rendering.Text;
using Osprey.Session.Answers;
using Osprey.Session.Guests;
using Osprey.Session.Traces;
using Osprey.Session.Traces.Rings;

namespace Osprey.Cli.Commands.Trace.Options;

/// <summary>The options that name a guest in place of a trace file: what its rings hold is the trace.</summary>
internal sealed class TraceTarget
{
    private readonly Option<string> _target;
    private readonly Option<string> _qmp = new("--qmp")
    {
        Description = "With --target: QEMU's QMP socket, a path or HOST:PORT; found by itself as a rule",
        HelpName = "ADDRESS",
    };

    /// <param name="command">Gets the options.</param>
    /// <param name="instead">The words for what the guest stands in place of.</param>
    public TraceTarget(Command command, string instead = "in place of a file")
    {
        _target = new Option<string>("--target", "-T")
        {
            Description = $"Read the trace buffers of a running guest {instead}: {TargetSpec.Syntax}",
            HelpName = "GUEST",
        };
        using var group = OptionGroup.Begin(command, OptionGroup.Guest);
        command.Options.Add(_target);
        command.Options.Add(_qmp);
    }

    /// <summary>Tells whether the command line names a guest.</summary>
    public bool IsGiven(ParseResult result) => result.GetValue(_target) is not null;

    /// <summary>Opens the trace that the command line names.</summary>
    /// <param name="result">The command line.</param>
    /// <param name="path">The file, where no guest is named.</param>
    /// <param name="isPathGiven">Whether the command line names the file.</param>
    /// <param name="isCompat">Whether to follow the reference.</param>
    public TraceSession Open(ParseResult result, string path, bool isPathGiven, bool isCompat = false)
    {
        if (result.GetValue(_target) is not { } name)
            return result.GetValue(_qmp) is null
                ? TraceSession.Open(path, isCompat, StandardStreams.OpenInput)
                : throw new UsageException("--qmp goes with --target");

        if (isPathGiven)
            throw new UsageException("choose one of --target and a trace file");

        using var interruption = new Interruption();
        using GuestSession guest = GuestSession.Open(ReadSettings(result, name), interruption.Token);
        using var release = new GuestRelease(guest.Target);
        GuestInvocation.Introduce(guest, isInherited: false);
        ExtractedTrace trace = ExtractedTrace.Create(guest, new QuestionContext(Cancellation: interruption.Token));
        foreach (string note in guest.Notes)
            Messages.Write("osprey: note: " + TerminalText.Escape(note));

        foreach (string defect in trace.Result.Defects)
            Messages.Write("osprey: the trace may lack something: " + TerminalText.Escape(defect));

        return TraceSession.Open(trace, isCompat);
    }

    private GuestSettings ReadSettings(ParseResult result, string name)
    {
        TargetSpec target;
        try
        {
            target = TargetSpec.Parse(name);
        }
        catch (FormatException exception)
        {
            throw new UsageException($"--target: {exception.Message}");
        }

        // The options for names stand for the guest's programs as well.
        string? sysroot = Find<string>(result, "--sysroot");
        return new GuestSettings
        {
            Target = target,
            QmpAddress = result.GetValue(_qmp),
            ExecutablePath = Find<string>(result, "--exe"),
            Modules = Find<string[]>(result, "--module") ?? [],
            SearchFolders = sysroot is null ? BuildFolders.All : [sysroot, .. BuildFolders.All],
            NoCache = Find<bool>(result, "--no-cache"),
        };
    }

    private static T? Find<T>(ParseResult result, string name) =>
        result.CommandResult.Command.Options.FirstOrDefault(option => option.Name == name) is Option<T> option
            ? result.GetValue(option)
            : default;
}
