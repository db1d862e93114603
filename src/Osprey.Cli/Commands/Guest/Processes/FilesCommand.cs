using System.CommandLine;
using Osprey.Cli.CommandLine;
using Osprey.Guests;
using Osprey.Guests.Processes;
using Osprey.Session.Answers.Guests.Processes;

namespace Osprey.Cli.Commands.Guest.Processes;

/// <summary><c>osprey files</c>: the files of a process.</summary>
internal static class FilesCommand
{
    public static Command Create()
    {
        var command = new DocumentedCommand(
            "files",
            "List the files, sockets and pipes that a process has open, with its directories and its program",
            "osprey files 1                       # a live guest is not paused",
            "osprey files sshd --json | jq '.files[] | select(.kind == \"socket\") | .inode'"
        );
        Argument<string> process = ProcessArgument.Create();
        command.Arguments.Add(process);
        return GuestListingCommand.Complete(
            command,
            () => OpenFileShape.Shape,
            question =>
            {
                GuestList<GuestOpenFile> list = OpenFileShape.Ask(
                    question.Session,
                    question.Command.GetValue(process)!,
                    question.Context
                );
                question.AddDefects(list.Defects);
                return list.Items;
            },
            whenEmpty: "the process has no files"
        );
    }
}
