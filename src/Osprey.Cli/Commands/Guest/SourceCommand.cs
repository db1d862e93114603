using System.CommandLine;
using System.Globalization;
using Osprey.Cli.CommandLine;
using Osprey.Cli.Rendering.Streams;
using Osprey.Cli.Rendering.Text;
using Osprey.Session.Answers.Guests;
using Osprey.Session.Guests;
using Osprey.Session.Guests.Code;
using Osprey.Session.Guests.Sources;

namespace Osprey.Cli.Commands.Guest;

/// <summary><c>osprey list</c>: source lines.</summary>
internal static class SourceCommand
{
    private const int DefaultLines = 10;

    public static Command Create()
    {
        var command = new DocumentedCommand(
            "list",
            "Show the source of a function or address, from disk or out of a git repository",
            "osprey list sched::cpu::schedule            # around its first line, from the disk",
            "osprey list 0x40345678 --git ~/src/osv      # at the commit that the guest's version names, "
                + "without a checkout",
            "osprey list sched::thread::wake --git . --commit HEAD~3 -n 40"
        );
        var options = new GuestOptions(command);
        var where = new Argument<string>("where") { Description = "A function, an address or an expression" };
        var count = new Option<int>("--lines", "-n")
        {
            Description = "How many lines",
            HelpName = "N",
            DefaultValueFactory = _ => DefaultLines,
        };
        command.Arguments.Add(where);
        var places = new SourceOptions(command);
        command.Options.Add(count);
        command.SetAction(result =>
        {
            if (result.GetValue(count) < 1)
                throw new UsageException("--lines must be positive");

            return GuestInvocation.Run(
                result,
                options,
                invocation =>
                {
                    using GitSources? sources = places.Open(result, invocation.Session);
                    return Show(
                        invocation,
                        result.GetValue(where)!,
                        new SourceLocator(sources),
                        result.GetValue(count)
                    );
                }
            );
        });
        return command;
    }

    private static int Show(GuestInvocation invocation, string where, SourceLocator sources, int count)
    {
        GuestSession session = invocation.Session;
        ulong address = session.Selected.ResolveAddress(where, isPhysical: false);
        SourceAnswer answer =
            SourceAnswer.Ask(session, address, sources, count)
            ?? throw new CommandFailedException(
                $"no source line is known for 0x{address:x}"
                    + $"{(session.NameAddress(address) is { } name ? $" ({name})" : "")}: "
                    + "its program has no debug info here"
            );
        SourceExcerpt excerpt = answer.Excerpt;
        invocation.Show(SourceAnswer.Shape, answer, WriteText);
        if (excerpt.Origin is not null)
            return ExitCode.Success;

        invocation.Output.Flush();
        Messages.Write(
            $"osprey: {answer.Function ?? "it"} is at {excerpt.Path}:{excerpt.Line}, but that file is not here; "
                + "name a repository that has it with --git"
        );
        return ExitCode.Failure;
    }

    private static void WriteText(SourceAnswer answer, Output output)
    {
        SourceExcerpt excerpt = answer.Excerpt;
        if (excerpt.Origin is null)
            return;

        output.Text.Append($"{TerminalText.Escape($"{answer.Function ?? "?"} at {excerpt.Origin}")}:{excerpt.Line}\n");
        WriteLines(excerpt, "", output);
    }

    /// <summary>Writes the lines of an excerpt with their numbers; the one that was asked for is marked.</summary>
    internal static void WriteLines(SourceExcerpt excerpt, string indent, Output output)
    {
        for (int i = 0; i < excerpt.Lines.Count; i++)
        {
            int number = excerpt.FirstLine + i;
            output.Text.Append(
                string.Create(
                        CultureInfo.InvariantCulture,
                        $"{indent}{(number == excerpt.Line ? '>' : ' ')}{number, 6}  "
                            + $"{string.Join('\t', excerpt.Lines[i].Split('\t').Select(TerminalText.Escape))}"
                    )
                    .TrimEnd() + "\n"
            );
        }
    }
}
