using System.CommandLine;
using Osprey.Cli.CommandLine;
using Osprey.Cli.CommandLine.Editing;
using Osprey.Cli.Rendering.Streams;
using Osprey.Session.Guests;

namespace Osprey.Cli.Commands.Guest.Shell;

/// <summary><c>osprey shell</c>: many commands over one guest.</summary>
internal static class ShellCommand
{
    public const string Name = "shell";

    public static Command Create()
    {
        var command = new DocumentedCommand(
            Name,
            "Start a shell in which many commands look into one guest, which stays open",
            "osprey shell                              # then type: threads, bt --all, print sched::cpus, help",
            "osprey shell --target core:vm.core",
            "printf 'threads\\nlocks\\n' | osprey shell   # one a line; the code of the last that failed"
        );
        var options = new GuestOptions(command, hasForms: false);
        command.SetAction(result =>
        {
            if (AttachedGuest.Current is not null)
                throw new UsageException("this is a shell already: type the commands without the program's name");

            GuestSession session;
            using (var interruption = new Interruption())
                session = GuestInvocation.Open(result, options, interruption.Token);

            using var attached = new AttachedGuest(session, options.ReadSettings(result));
            GuestInvocation.Introduce(session, options.GetInheritedTarget(result) is not null);
            return Run(attached);
        });
        return command;
    }

    private static int Run(AttachedGuest attached)
    {
        if (Console.IsInputRedirected || Console.IsOutputRedirected)
            return new ShellLoop(StandardStreams.ReadLine).Run();

        LineHistory history = LineHistory.Open();
        var completion = new ShellCompletion(attached);
        var editor = new LineEditor(new ConsoleTerminal(), history, completion.Complete);
        return new ShellLoop(() => editor.ReadLine("osprey> ")).Run();
    }
}
