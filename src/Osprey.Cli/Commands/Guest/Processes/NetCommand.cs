using System.CommandLine;
using Osprey.Cli.CommandLine;
using Osprey.Cli.Rendering.Answers;
using Osprey.Cli.Rendering.Streams;
using Osprey.Cli.Rendering.Text;
using Osprey.Session.Answers.Guests.Network;

namespace Osprey.Cli.Commands.Guest.Processes;

/// <summary><c>osprey net</c>: network interfaces and sockets.</summary>
internal static class NetCommand
{
    public static Command Create()
    {
        var command = new DocumentedCommand(
            "net",
            "List the network interfaces and the sockets: addresses, states, queues, and who has them open",
            "osprey net                           # of the first process's network; a live guest is not paused",
            "osprey net 4711 --json | jq '.sockets[] | select(.state == \"listening\")'"
        );
        Argument<string?> process = ProcessArgument.CreateOptional("The process whose network is meant");
        command.Arguments.Add(process);
        var options = new GuestOptions(command);
        command.SetAction(result =>
            GuestInvocation.Run(
                result,
                options,
                invocation =>
                {
                    NetworkAnswer answer = NetworkAnswer.Ask(
                        invocation.Session,
                        result.GetValue(process),
                        invocation.Context
                    );
                    invocation.Show(NetworkAnswer.Shape, answer, WriteText);
                    invocation.Output.Flush();
                    foreach (string defect in answer.Defects)
                        Messages.Write($"osprey: the list may lack something: {TerminalText.Escape(defect)}");

                    return answer.Defects.Count == 0 ? ExitCode.Success : ExitCode.Failure;
                },
                paged: true
            )
        );
        return command;
    }

    private static void WriteText(NetworkAnswer answer, Output output)
    {
        ListingWriter.Write(output, AnswerFormat.Text, InterfaceShape.Shape, answer.Interfaces);
        if (answer.Interfaces.Count > 0 && answer.Sockets.Count > 0)
            output.Text.Append("\n");

        ListingWriter.Write(output, AnswerFormat.Text, SocketShape.Shape, answer.Sockets);
    }
}
