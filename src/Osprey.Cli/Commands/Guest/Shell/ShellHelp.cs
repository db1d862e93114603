using Osprey.Cli.Rendering.Streams;

namespace Osprey.Cli.Commands.Guest.Shell;

/// <summary>The part of the help that is only true in a shell.</summary>
internal static class ShellHelp
{
    private const string Text = """

        In this shell:
          The guest is open: commands need no --target. One that names another guest looks into that one.
          thread THREAD   Choose the thread for bt, print, registers and others; thread none chooses none
          quit, exit      Leave the shell, as Ctrl-D does; Ctrl-C ends the command that runs
          help COMMAND    Show the help of a command
          osv ...         Take the words of OSv's gdb script, as in: osv info threads

        """;

    /// <summary>Writes it behind the list of commands.</summary>
    public static void Write()
    {
        using var output = new Output(paged: false);
        output.Text.Append(Text);
        output.Flush();
    }
}
