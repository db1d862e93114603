using System.CommandLine;
using Osprey.Cli.CommandLine;
using Osprey.Cli.Rendering.Streams;
using Osprey.Cli.Rendering.Text;
using Osprey.Session.Answers.Guests.Cpus;
using Osprey.Session.Answers.Guests.Failures;

namespace Osprey.Cli.Commands.Guest.Diagnosis;

/// <summary><c>osprey abort</c>, or <c>osprey panic</c>: whether the guest is dead, and who killed it.</summary>
internal static class AbortCommand
{
    public static Command Create() =>
        Create(
            new DocumentedCommand(
                "abort",
                "Explain whether the guest aborted, hangs or runs: the message, the thread and its stack",
                "osprey abort                       # a live guest is not paused",
                "osprey abort --target core:vm.core --json | jq .message"
            )
        );

    /// <summary>The same by the word of Linux.</summary>
    public static Command CreateForPanics() =>
        Create(
            new DocumentedCommand(
                "panic",
                "Explain whether the guest's kernel panicked, hangs or runs, as osprey abort does",
                "osprey panic                       # the kernel's own report, its CPU, task and stack; hung tasks",
                "osprey panic --target core:vm.core --json | jq -r '.report[]'"
            )
        );

    private static DocumentedCommand Create(DocumentedCommand command)
    {
        var options = new GuestOptions(command);
        command.SetAction(result =>
            GuestInvocation.Run(
                result,
                options,
                invocation =>
                    GuestInvocation.ShowIfConfigured(() =>
                        invocation.Show(
                            FailureAnswer.GetShape(invocation.Session),
                            FailureAnswer.Ask(invocation.Session, invocation.Context),
                            WriteText
                        )
                    ),
                paged: true
            )
        );
        return command;
    }

    private static void WriteText(FailureAnswer answer, Output output)
    {
        output.Text.Append(TerminalText.Escape(answer.Sentence) + "\n");
        if (answer.QemuState is { } state)
            output.Text.Append($"QEMU says: {TerminalText.Escape(state)}\n");

        foreach (FailureCpu cpu in answer.Cpus)
        {
            output.Text.Append(TerminalText.Escape(cpu.Description) + "\n");
        }

        foreach (string line in answer.Deadlocks.Concat(answer.HungInWords))
            output.Text.Append(TerminalText.Escape(line) + "\n");

        if (answer.Failed is { Backtrace: { } backtrace } failed)
        {
            output.Text.Append($"\nvCPU {failed.Cpu}\n");
            StackText.WriteFrames(failed.Rows.Select(row => new StackRow(row, null)), backtrace, output);
        }

        if (answer.Report.Count > 0)
            output.Text.Append("\nThe kernel's report:\n");

        foreach (string line in answer.Report)
            output.Text.Append(TerminalText.Escape(line) + "\n");

        output.Flush();
        foreach (string defect in answer.Defects)
            Messages.Write($"osprey: {TerminalText.Escape(defect)}");
    }
}
