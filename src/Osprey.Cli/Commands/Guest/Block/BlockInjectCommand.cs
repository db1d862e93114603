using System.CommandLine;
using Osprey.Cli.CommandLine;
using Osprey.Cli.Rendering.Streams;
using Osprey.Cli.Rendering.Text;
using Osprey.Target.Backends.Qemu.Block;

namespace Osprey.Cli.Commands.Guest.Block;

/// <summary><c>osprey block inject</c>: makes requests to a drive's image file fail.</summary>
internal sealed class BlockInjectCommand
{
    private readonly Argument<string> _drive = new("drive") { Description = "The drive" };
    private readonly Argument<string> _event = new("event")
    {
        Description = "The event from which on requests fail (block events); none: from the start",
    };
    private readonly Option<string> _errno = new("--errno")
    {
        Description = "The error: a name such as ENOSPC or EIO, or its number",
        HelpName = "ERROR",
        Required = true,
    };
    private readonly Option<bool> _once = new("--once") { Description = "Only one request fails" };
    private readonly Option<long?> _sector = new("--sector")
    {
        Description = "Only requests fail that touch this sector of the image file, of 512 bytes, from 0",
        HelpName = "N",
    };
    private readonly Option<int?> _state = new("--state")
    {
        Description = "Requests fail only while the filter is in this state; it begins in state 1",
        HelpName = "S",
    };
    private readonly Option<string> _stateAt = new("--state-at")
    {
        Description = "The filter comes into that state at this event",
        HelpName = "EVENT",
    };
    private readonly Option<bool> _write = BlockInvocation.CreateWrite();
    private readonly GuestOptions _options;

    private BlockInjectCommand(Command command)
    {
        command.Arguments.Add(_drive);
        command.Arguments.Add(_event);
        command.AddOptions(_errno, _once, _sector, _state, _stateAt, _write);
        _options = new GuestOptions(command, hasForms: false, hasContext: false) { Write = _write };
        command.SetAction(Run);
    }

    public static Command Create()
    {
        var command = new DocumentedCommand(
            "inject",
            "Make requests to a drive's image file fail; block remove ends it",
            "osprey block inject virtio0 cluster_alloc --errno ENOSPC --once --write",
            "osprey block inject virtio0 none --errno EIO --sector 640 --write",
            "osprey block inject virtio0 write_aio --errno EIO --state 2 --state-at l2_update --write"
        );
        _ = new BlockInjectCommand(command);
        return command;
    }

    private int Run(ParseResult result)
    {
        string error = result.GetValue(_errno)!;
        if (result.GetValue(_sector) is < 0 || result.GetValue(_state) is < 1)
            throw new UsageException("--sector counts from 0, --state from 1");

        if (result.GetValue(_stateAt) is not null && result.GetValue(_state) is null)
            throw new UsageException("--state-at needs --state");

        var rule = new InjectRule(
            result.GetValue(_event)!,
            ErrorNumber.TryParse(error)
                ?? throw new UsageException($"--errno: '{error}' is no error such as ENOSPC or 28")
        )
        {
            IsOnce = result.GetValue(_once),
            Sector = result.GetValue(_sector),
            State = result.GetValue(_state),
            StateEvent = result.GetValue(_stateAt),
        };
        return BlockInvocation.Run(
            result,
            _options,
            invocation =>
            {
                BlockDrive drive = invocation.Debugger.Inject(result.GetValue(_drive)!, rule);
                Messages.Note(
                    $"osprey: {TerminalText.Escape(drive.Name)} fails: {TerminalText.Escape(rule.Description)}"
                );
                if (drive.StopsForErrors == true)
                    Messages.Write(
                        "osprey: note: QEMU may stop the guest in place of telling it of the error: for ENOSPC, unless "
                            + "the device has werror=report (osprey continue lets it try again)"
                    );

                return ExitCode.Success;
            }
        );
    }
}
