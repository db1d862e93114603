using Osprey.Cli.Rendering.Streams;

namespace Osprey.Cli.Commands.Guest.Shell;

/// <summary>Reads commands, one a line, and runs each until the input ends.</summary>
/// <param name="readLine">Gives the next line; null at the end.</param>
/// <remarks>What goes wrong in a command is told by it, and does not end the loop.</remarks>
internal sealed class ShellLoop(Func<string?> readLine)
{
    /// <summary>The words that end a shell.</summary>
    public static IReadOnlyList<string> Endings { get; } = ["quit", "exit"];

    /// <summary>Runs all commands.</summary>
    /// <returns>The exit code of the last command that failed; success when none did.</returns>
    public int Run()
    {
        int code = ExitCode.Success;
        using var interrupts = new ShellInterrupts();
        while (readLine() is { } line)
        {
            string[] words;
            try
            {
                words = ShellWords.Split(line);
            }
            catch (FormatException exception)
            {
                Messages.Write($"osprey: {exception.Message}");
                code = ExitCode.Usage;
                continue;
            }

            if (words.Length == 0)
                continue;

            if (words.Length == 1 && Endings.Contains(words[0]))
                break;

            using (interrupts.Guard())
            {
                if (Execute(words) is var result && result != ExitCode.Success)
                    code = result;
            }

            if (interrupts.MustEnd)
                return ExitCode.Interrupted;
        }

        return code;
    }

    /// <summary>Runs one command, which may begin with the program's name.</summary>
    private static int Execute(string[] words)
    {
        if (words[0] == CommandLine.CommandPath.Program && words.Length > 1)
            words = words[1..];

        if (ThreadChoice.TryRead(words) is { } thread)
            return ThreadChoice.Choose(AttachedGuest.Current!, thread);

        int code = Program.Main(OsvWords.InShell(words));
        if (words is ["help"])
            ShellHelp.Write();

        return code;
    }
}
