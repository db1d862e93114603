using System.CommandLine;
using Osprey.Cli.CommandLine;
using Osprey.Guests;
using Osprey.Session.Answers.Guests.PerCpu;

namespace Osprey.Cli.Commands.Guest.Scheduling;

/// <summary><c>osprey percpu</c>: the value of a per-CPU variable on each CPU.</summary>
internal static class PerCpuCommand
{
    public static Command Create()
    {
        var command = new DocumentedCommand(
            "percpu",
            "Show the value of a per-CPU variable, or of a part of it, on each CPU",
            "osprey percpu percpu_trace_buffer",
            "osprey percpu percpu_trace_buffer _last        # members and positions lead to a part",
            "osprey percpu memory::percpu_l1 nr --json"
        );
        var variable = new Argument<string>("variable")
        {
            Description = "The variable: a percpu<T> or dynamic_percpu<T>, or an expression that gives one",
        };
        var fields = new Argument<string[]>("field")
        {
            Description = "Members by name and elements by position, each of the one before",
            Arity = ArgumentArity.ZeroOrMore,
        };
        command.Arguments.Add(variable);
        command.Arguments.Add(fields);
        return GuestListingCommand.Complete(
            command,
            () => CpuValueRow.Shape,
            question =>
            {
                GuestList<CpuValueRow> rows = CpuValueRow.Ask(
                    question.Session,
                    question.Command.GetValue(variable)!,
                    question.Command.GetValue(fields) ?? [],
                    question.Context
                );
                question.AddDefects(rows.Defects);
                return rows.Items;
            },
            whenEmpty: "the guest has no CPUs yet"
        );
    }
}
