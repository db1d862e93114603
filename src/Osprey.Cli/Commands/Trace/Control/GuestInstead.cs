using System.CommandLine;
using Osprey.Cli.Commands.Guest;
using Osprey.Cli.Commands.Rest;

namespace Osprey.Cli.Commands.Trace.Control;

/// <summary>
/// The options that name a guest whose memory is looked into, in place of one whose REST server is asked.
/// </summary>
internal sealed class GuestInstead
{
    private readonly RestOptions _server;

    /// <param name="command">Gets the options.</param>
    /// <param name="server">The options that name the REST server.</param>
    /// <param name="json">The command's option for JSON.</param>
    /// <param name="write">The option that allows the guest to be written; null where it never is.</param>
    public GuestInstead(Command command, RestOptions server, Option<bool> json, Option<bool>? write = null)
    {
        _server = server;
        if (write is not null)
            command.Options.Add(write);

        Options = new GuestOptions(command, hasContext: false, json: json) { TakesPrograms = true, Write = write };
    }

    /// <summary>The options of the guest.</summary>
    public GuestOptions Options { get; }

    /// <summary>
    /// Tells whether a guest is named whose memory is meant: by the command line, or where that names no REST server,
    /// by the environment.
    /// </summary>
    /// <exception cref="UsageException">
    /// It names a REST server as well, or only a part of what goes with a guest.
    /// </exception>
    public bool IsGiven(ParseResult result)
    {
        if (!Options.NamesTarget(result))
        {
            if (Options.GetInheritedTarget(result) is not null && _server.FindGiven(result) is null)
                return true;

            return Options.NamesGuest(result)
                ? throw new UsageException(
                    "options of the guest go with --target; without it, the guest's REST server is asked"
                )
                : false;
        }

        return _server.FindGiven(result) is { } name
            ? throw new UsageException($"choose one of --target and {name}: its memory, or its REST server")
            : true;
    }
}
