using System.CommandLine;
using Osprey.Cli.CommandLine;
using Osprey.Cli.Rendering.Streams;
using Osprey.Cli.Rendering.Text;
using Osprey.Session.Answers.Guests.Reports;

namespace Osprey.Cli.Commands.Guest.Diagnosis;

/// <summary><c>osprey report</c>: a guest on one page.</summary>
internal static class ReportCommand
{
    public static Command Create()
    {
        var command = new DocumentedCommand(
            "report",
            "Show a page about the guest for a bug report: state, threads, waits, locks, memory, modules, samples, log",
            "osprey report > report.txt          # a live guest is not paused",
            "osprey report --target core:vm.core --json"
        );
        var options = new GuestOptions(command);
        command.SetAction(result =>
            GuestInvocation.Run(
                result,
                options,
                invocation =>
                {
                    invocation.Show(
                        ReportAnswer.Shape,
                        ReportAnswer.Ask(invocation.Session, invocation.Context),
                        WriteText
                    );
                    return ExitCode.Success;
                },
                paged: true
            )
        );
        return command;
    }

    private static void WriteText(ReportAnswer answer, Output output)
    {
        bool isFirst = true;
        foreach (ReportSection section in answer.Sections)
        {
            output.Text.Append(isFirst ? "" : "\n");
            isFirst = false;
            output.Text.Append(Colours.Bold(section.Name, output.IsColoured) + "\n");
            foreach (string line in section.Problem is { } problem ? [$"not known: {problem}"] : section.Lines)
                output.Text.Append($"  {TerminalText.Escape(line)}\n");
        }
    }
}
