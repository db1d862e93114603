using Osprey.Cli.CommandLine.Help;

namespace Osprey.Cli;

/// <summary>The codes that the program ends with.</summary>
internal static class ExitCode
{
    /// <summary>All went well.</summary>
    public const int Success = 0;

    /// <summary>Something was not found, or could not be read or done, in whole or in part.</summary>
    public const int Failure = 1;

    /// <summary>The command line makes no sense.</summary>
    public const int Usage = 2;

    /// <summary>Ended by Ctrl-C.</summary>
    public const int Interrupted = 130;

    /// <summary>All of them, as manual pages and docs/exit-codes.md list them.</summary>
    public static IReadOnlyList<HelpRow> All { get; } =
    [
        new("0", "All went well."),
        new(
            "1",
            "Something that was named does not exist (a command, file, guest, symbol, thread, CPU), nothing was found, "
                + "or something could not be read or done, in whole or in part."
        ),
        new("2", "The command line makes no sense: an option, a value or the number of arguments."),
        new("130", "The user ended the command: Ctrl-C, SIGTERM or SIGHUP."),
    ];
}
