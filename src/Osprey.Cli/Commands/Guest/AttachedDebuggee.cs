using Osprey.Binary;
using Osprey.Cli.CommandLine;
using Osprey.Cli.Commands.Guest.Shell;
using Osprey.Dap;
using Osprey.Debug;
using Osprey.Session.Guests;
using Osprey.Target;
using Osprey.Target.Execution;

namespace Osprey.Cli.Commands.Guest;

/// <summary>A guest that an editor debugs, open for the commands of its console as well.</summary>
internal sealed class AttachedDebuggee : Debuggee
{
    private readonly AttachedGuest _attached;

    private AttachedDebuggee(AttachedGuest attached)
    {
        _attached = attached;
        Session = new DebugSession(attached.Session);
    }

    /// <inheritdoc/>
    public override DebugSession Session { get; }

    /// <inheritdoc/>
    public override bool WasRunning => GdbServerCommand.WasRunning(_attached.Session.Target);

    /// <summary>Opens the guest that an editor wishes.</summary>
    /// <exception cref="TargetException">It can't be reached.</exception>
    public static AttachedDebuggee Open(GuestWish wish, CancellationToken cancellation)
    {
        try
        {
            var settings = new GuestSettings
            {
                Target = TargetSpec.Parse(wish.Target),
                QmpAddress = wish.Qmp,
                ExecutablePath = wish.ExecutablePath,
                SearchFolders = [.. wish.Sysroots, .. BuildFolders.All],
                Modules = wish.Modules,
                AcceptAnyBuild = wish.AcceptsAnyBuild,
                NoCache = wish.NoCache,
                Permissions =
                    wish.IsLook ? TargetPermissions.None
                    : wish.MayWrite ? TargetPermissions.Execute | TargetPermissions.Write
                    : TargetPermissions.Execute,
            };
            return new AttachedDebuggee(new AttachedGuest(SteeredGuest.Open(settings, cancellation), settings));
        }
        catch (TargetException exception) when (TargetAdvice.Find(exception) is { } advice)
        {
            throw new TargetException(exception.Problem, $"{exception.Message}; {advice}", exception);
        }
        catch (Exception exception) when (exception is BadDataException or IOException or FormatException)
        {
            throw new TargetException(exception.Message, exception);
        }
    }

    /// <inheritdoc/>
    public override IEnumerable<string> TakeNotes() => _attached.TakeNotes();

    /// <inheritdoc/>
    public override string? RunCommand(string line, DebugThread? thread, CancellationToken cancellation)
    {
        string[] words;
        try
        {
            words = ShellWords.Split(line);
        }
        catch (FormatException)
        {
            return null; // no command, but perhaps an expression
        }

        if (words is ["osprey", .. var rest])
            words = rest;
        else if (words is not [var first, ..] || !ConsoleCommands.IsCommand(first))
            return null;

        if (ConsoleCommands.Refuse(words) is { } refusal)
            return refusal;

        _attached.ChooseThread(thread?.State?.Id);
        return ConsoleCommands.Run(words, cancellation);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _attached.Dispose();
    }
}
