using System.CommandLine;
using System.Globalization;
using Osprey.Cli.CommandLine;
using Osprey.Cli.Rendering.Streams;
using Osprey.Cli.Rendering.Text;
using Osprey.Session.Answers.Guests;
using Osprey.Symbols;

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
            "osprey symbol sched::cpu::schedule"
        );
        var options = new GuestOptions(command);
        var name = new Argument<string>("what") { Description = "An address (0x...), a symbol or an expression" };
        command.Arguments.Add(name);
        command.SetAction(result =>
            GuestInvocation.Run(
                result,
                options,
                invocation =>
                {
                    ulong address = invocation.Session.Selected.ResolveAddress(
                        result.GetValue(name)!,
                        isPhysical: false
                    );
                    return Show(invocation, address);
                }
            )
        );
        return command;
    }

    private static int Show(GuestInvocation invocation, ulong address)
    {
        SymbolAnswer answer = SymbolAnswer.Ask(invocation.Session, address);
        invocation.Show(SymbolAnswer.Shape, answer, WriteText);
        if (answer.IsFound)
            return ExitCode.Success;

        invocation.Output.Flush();
        string place = answer.Module is null
            ? ": it is in none of the guest's programs that are known"
            : $", in {answer.Module}";
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
