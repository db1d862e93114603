using System.CommandLine;
using Osprey.Cli.CommandLine;
using Osprey.Guests;
using Osprey.Session.Answers.Guests.ThreadLocals;

namespace Osprey.Cli.Commands.Guest.Scheduling;

/// <summary><c>osprey tls</c>: the value of a thread-local variable in each thread.</summary>
internal static class ThreadLocalsCommand
{
    public static Command Create()
    {
        var command = new DocumentedCommand(
            "tls",
            "Show the value of a thread-local variable in each thread, of the kernel, a program or a library",
            "osprey tls sched::preempt_counter",
            "osprey tls my_state worker-0 worker-1     # of an application, in these threads",
            "osprey tls 'sched::s_current->_id' --json"
        );
        var variable = new Argument<string>("variable")
        {
            Description = "The variable, or an expression that it is in",
        };
        var threads = new Argument<string[]>("thread")
        {
            Description = "The threads, by number, address or name; all when left out",
            Arity = ArgumentArity.ZeroOrMore,
        };
        command.Arguments.Add(variable);
        command.Arguments.Add(threads);
        return GuestListingCommand.Complete(
            command,
            () => ThreadLocalRow.Shape,
            question =>
            {
                GuestList<ThreadLocalRow> rows = ThreadLocalsAnswer.Ask(
                    question.Session,
                    question.Command.GetValue(variable)!,
                    question.Command.GetValue(threads) ?? [],
                    question.Context
                );
                question.AddDefects(rows.Defects);
                return rows.Items;
            },
            whenEmpty: "the guest has no threads yet"
        );
    }
}
