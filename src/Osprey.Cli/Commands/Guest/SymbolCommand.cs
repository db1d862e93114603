using System.CommandLine;
using System.Globalization;
using Osprey.Cli.CommandLine;
using Osprey.Cli.Rendering.Answers;
using Osprey.Cli.Rendering.Streams;
using Osprey.Cli.Rendering.Text;
using Osprey.Session.Answers.Guests;
using Osprey.Session.Guests;
using Osprey.Symbols;
using Osprey.Target;

namespace Osprey.Cli.Commands.Guest;

/// <summary><c>osprey symbol</c>: what is at an address, or where a name is.</summary>
internal static class SymbolCommand
{
    public static Command Create()
    {
        var command = new DocumentedCommand(
            "symbol",
            "Show what is at an address, with what was inlined there; or where a name is",
            "osprey symbol 0x40345678                   # function, inlined calls, source lines, module",
            "osprey symbol sched::cpu::schedule",
            "osprey symbol main --exe program          # of a file, when no guest runs"
        );
        var options = new GuestOptions(command) { TakesPrograms = true };
        var name = new Argument<string>("what") { Description = "An address (0x...), a symbol or an expression" };
        command.Arguments.Add(name);
        command.SetAction(result =>
        {
            string text = result.GetValue(name)!;
            GuestSettings settings = options.ReadSettings(result);
            bool hasFiles = settings.ExecutablePath is not null || settings.Modules.Count > 0;
            try
            {
                return GuestInvocation.Run(
                    result,
                    options,
                    invocation =>
                    {
                        SymbolAnswer answer = SymbolAnswer.Ask(invocation.Session, text);
                        invocation.Show(SymbolAnswer.Shape, answer, WriteText);
                        return Conclude(answer, invocation.Output, "the guest's programs");
                    }
                );
            }
            catch (TargetException exception) when (exception.Problem == TargetProblem.NoGuest && hasFiles)
            {
                return ShowOfFiles(text, settings, options.IsJson(result));
            }
        });
        return command;
    }

    private static int ShowOfFiles(string text, GuestSettings settings, bool isJson)
    {
        using var symbols = new FileSymbols(settings);
        using var output = new Output(paged: false);
        try
        {
            SymbolAnswer answer = symbols.Ask(text);
            if (isJson)
                JsonAnswers.Write(output, SymbolAnswer.Shape, answer);
            else
                WriteText(answer, output);

            output.Flush();
            return Conclude(answer, output, "the files");
        }
        finally
        {
            foreach (SymbolDiagnostic diagnostic in symbols.Diagnostics)
                Messages.Write("osprey: note: " + TerminalText.Escape(diagnostic.ToString()));
        }
    }

    private static int Conclude(SymbolAnswer answer, Output output, string places)
    {
        if (answer.IsFound)
            return ExitCode.Success;

        output.Flush();
        ulong address = answer.Address;
        string place = answer.Module is null ? $": it is in none of {places} that are known" : $", in {answer.Module}";
        Messages.Write(string.Create(CultureInfo.InvariantCulture, $"osprey: no symbol at 0x{address:x}{place}"));
        return ExitCode.Failure;
    }

    private static void WriteText(SymbolAnswer answer, Output output)
    {
        if (!answer.IsFound)
            return;

        output.Text.Append(
            TerminalText.Escape(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"0x{answer.Address:x} "
                        + $"{answer.Symbol ?? "?"}{(answer.Module is null ? "" : $" in {answer.Module}")}"
                )
            ) + "\n"
        );
        foreach (SymbolFrame frame in answer.Frames)
        {
            string place =
                frame.File is null ? ""
                : frame.Line is int line ? $" at {frame.File}:{line}"
                : $" at {frame.File}";
            output.Text.Append(
                $"  {TerminalText.Escape((frame.Name ?? "?") + place)}{(frame.IsInlined ? " (inlined)" : "")}\n"
            );
        }
    }
}
