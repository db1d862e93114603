using System.CommandLine;
using System.CommandLine.Invocation;
using Osprey.Cli.Rendering.Streams;

namespace Osprey.Cli.CommandLine.Help;

/// <summary>Shows the help of the command that was called with <c>--help</c>.</summary>
internal sealed class ShowHelp : SynchronousCommandLineAction
{
    private const int DefaultWidth = 100;
    private const int LeastWidth = 60;
    private const int MostWidth = 120;

    public override int Invoke(ParseResult parseResult)
    {
        var root = parseResult.RootCommandResult.Command;
        Show(parseResult.CommandResult.Command, CommandPath.Of(parseResult), root);
        return ExitCode.Success;
    }

    /// <summary>Writes the help of a command to standard output.</summary>
    public static void Show(Command command, string path, Command root)
    {
        using var output = new Output(paged: true);
        int width = output.IsTerminal
            ? Math.Clamp(Terminal.Width ?? DefaultWidth, LeastWidth, MostWidth)
            : DefaultWidth;
        output.Text.Append(new HelpPage(new CommandDocument(path, command, root), width, output.IsColoured).Compose());
        output.Flush();
    }

    /// <summary>Writes the help of a command that can't be called by itself as a message.</summary>
    public static void ShowAsMessage(Command command, string path, Command root) =>
        Messages.Write(
            new HelpPage(new CommandDocument(path, command, root), DefaultWidth, isColoured: false).Compose().TrimEnd()
        );
}
