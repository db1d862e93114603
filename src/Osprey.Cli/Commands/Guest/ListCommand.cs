using System.CommandLine;
using System.Globalization;
using Osprey.Cli.CommandLine;
using Osprey.Cli.Rendering.Streams;
using Osprey.Cli.Rendering.Text;
using Osprey.Session.Guests;
using Osprey.Session.Guests.Code;
using Osprey.Session.Guests.Sources;
using Osprey.Symbols;

namespace Osprey.Cli.Commands.Guest;

/// <summary><c>osprey list</c>: source lines.</summary>
internal static class ListCommand
{
    private const int DefaultLines = 10;

    public static Command Create()
    {
        var command = new DocumentedCommand(
            "list",
            "Show the source of a function or address, from disk or out of a git repository",
            "osprey list sched::cpu::schedule            # around its first line, from the disk",
            "osprey list 0x40345678 --git ~/src/osv      # at the commit that the guest's version names, without a checkout",
            "osprey list main --git . --commit HEAD~3 -n 40"
        );
        var options = new GuestOptions(command);
        var where = new Argument<string>("where") { Description = "A function, an address or an expression" };
        var git = new Option<string>("--git")
        {
            Description = "Take the source out of this git repository",
            HelpName = "REPO",
        };
        var commit = new Option<string>("--commit")
        {
            Description = "At this commit; the one that the guest's version names when left out",
            HelpName = "REVISION",
        };
        var count = new Option<int>("--lines", "-n")
        {
            Description = "How many lines",
            HelpName = "N",
            DefaultValueFactory = _ => DefaultLines,
        };
        command.Arguments.Add(where);
        command.Options.Add(git);
        command.Options.Add(commit);
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
                    GitSources? sources = result.GetValue(git) is { } repository
                        ? GitSources.Open(repository, result.GetValue(commit) ?? invocation.Session.Identity.Version)
                        : null;
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
        var frames = new List<SymbolFrame>();
        session.Symbols.TryResolve(address, frames);
        SymbolFrame frame = frames.Find(frame => frame.Line is not null);
        if (frame.File is null || frame.Line is not int line)
        {
            throw new CommandFailedException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"no source line is known for 0x{address:x}{(session.NameAddress(address) is { } name ? $" ({name})" : "")}: its program has no debug info here"
                )
            );
        }

        SourceText? text = sources.Find(frame.File);
        int first = Math.Max(1, line - (count / 2));
        string[] lines = text is null ? [] : [.. text.Lines.Skip(first - 1).Take(count)];
        var excerpt = new SourceExcerpt(frame.File, text?.Origin, line, first, lines);
        if (invocation.IsJson)
            WriteJson(invocation, address, frame, excerpt);
        else if (text is not null)
            WriteText(invocation, frame, excerpt);

        if (text is not null)
            return ExitCode.Success;

        invocation.Output.Flush();
        Messages.Write(
            $"osprey: {frame.Name ?? "it"} is at {frame.File}:{line}, but that file is not here; name a repository that has it with --git"
        );
        return ExitCode.Failure;
    }

    private static void WriteText(GuestInvocation invocation, SymbolFrame frame, SourceExcerpt excerpt)
    {
        invocation.Output.Text.Append(
            $"{TerminalText.Escape($"{frame.Name ?? "?"} at {excerpt.Origin}")}:{excerpt.Line}\n"
        );
        for (int i = 0; i < excerpt.Lines.Count; i++)
        {
            int number = excerpt.FirstLine + i;
            invocation.Output.Text.Append(
                string.Create(
                        CultureInfo.InvariantCulture,
                        $"{(number == excerpt.Line ? '>' : ' ')}{number, 6}  {string.Join('\t', excerpt.Lines[i].Split('\t').Select(TerminalText.Escape))}"
                    )
                    .TrimEnd() + "\n"
            );
        }
    }

    private static void WriteJson(
        GuestInvocation invocation,
        ulong address,
        SymbolFrame frame,
        SourceExcerpt excerpt
    ) =>
        invocation.WriteJson(writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("address"u8, $"0x{address:x}");
            writer.WriteString("function"u8, frame.Name);
            writer.WriteString("file"u8, excerpt.Path);
            writer.WriteString("origin"u8, excerpt.Origin);
            writer.WriteNumber("line"u8, excerpt.Line);
            writer.WriteNumber("firstLine"u8, excerpt.FirstLine);
            writer.WriteStartArray("lines"u8);
            foreach (string line in excerpt.Lines)
                writer.WriteStringValue(line);

            writer.WriteEndArray();
            writer.WriteEndObject();
        });
}
