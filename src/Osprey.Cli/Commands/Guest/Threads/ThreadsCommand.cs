using System.CommandLine;
using Osprey.Cli.CommandLine;
using Osprey.Guests.Threads;
using Osprey.Session.Answers.Guests.Threads;

namespace Osprey.Cli.Commands.Guest.Threads;

/// <summary><c>osprey threads</c>: the guest's own threads.</summary>
internal static class ThreadsCommand
{
    private static readonly Dictionary<string, ThreadOrder> s_orders = new()
    {
        ["id"] = ThreadOrder.Id,
        ["name"] = ThreadOrder.Name,
        ["cpu"] = ThreadOrder.Cpu,
        ["state"] = ThreadOrder.State,
        ["cpu-time"] = ThreadOrder.CpuTime,
        ["memory"] = ThreadOrder.Memory,
        ["since"] = ThreadOrder.Since,
        ["switches"] = ThreadOrder.Switches,
    };

    public static Command Create() =>
        Complete(
            new DocumentedCommand(
                "threads",
                "List the guest's threads: where each is, since when, and what it waits for",
                "osprey threads                            # a live guest is not paused",
                "osprey threads --state waiting --sort since",
                "osprey threads --tree                     # the threads of processes below those that made them",
                "osprey threads 'virtio*' --json | jq '.threads[].function'"
            )
        );

    /// <summary><c>osprey ps</c>: the same under the name that users of Linux look for.</summary>
    public static Command CreateForProcesses() =>
        Complete(
            new DocumentedCommand(
                "ps",
                "List the guest's threads, as osprey threads does",
                "osprey ps --tree                          # a live guest is not paused",
                "osprey ps --state D,R --sort since",
                "osprey ps --groups                        # control groups, and namespaces of containers",
                "osprey ps 'kworker*' --json | jq '.threads[].function'"
            )
        );

    private static Command Complete(DocumentedCommand command)
    {
        var names = new Argument<string[]>("name")
        {
            Description =
                "Only threads of these names, numbers or processes; * and ? stand for any text and letter of a name",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var states = new Option<string[]>("--state")
        {
            Description =
                "Only threads in these states, such as waiting,queued, or by letter as ps has them; may be repeated",
            HelpName = "STATE",
        };
        var onCpu = new Option<int?>("--on-cpu")
        {
            Description = "Only threads that run on this CPU or ran there last",
            HelpName = "N",
        };
        var sort = new Option<string>("--sort")
        {
            Description = $"The order: {string.Join(", ", s_orders.Keys)}",
            HelpName = "COLUMN",
            DefaultValueFactory = _ => "id",
        };
        var noPlaces = new Option<bool>("--no-location")
        {
            Description = "Do not follow stacks: leave out where threads are and what they wait for",
        };
        var timers = new Option<bool>("--timers")
        {
            Description = "Show each thread's timers too, in seconds since boot; * has expired",
        };
        command.Arguments.Add(names);
        var tree = new Option<bool>("--tree")
        {
            Description = "Show threads below their processes, and processes below those that made them",
        };
        var groups = new Option<bool>("--groups")
        {
            Description =
                "Show the control group of each thread of a Linux guest, and the namespaces that are not the first "
                + "process's",
        };
        command.AddOptions(states, onCpu, sort, noPlaces, timers, tree, groups);

        return GuestListingCommand.Complete(
            command,
            (result, session) =>
                session.Os is not IGuestThreads { HasProcesses: true } && result.GetValue(timers)
                    ? ThreadRow.ShapeWithTimers
                : result.GetValue(groups) ? TaskShape.ShapeWithGroups
                : ThreadRow.GetShape(session),
            question =>
            {
                var query = new ThreadQuery
                {
                    Names = question.Command.GetValue(names) ?? [],
                    States = [.. (question.Command.GetValue(states) ?? []).SelectMany(text => text.Split(','))],
                    Cpu = question.Command.GetValue(onCpu),
                    Order = ParseOrder(question.Command.GetValue(sort)!),
                    WithGroups = question.Command.GetValue(groups),
                    AsTree = question.Command.GetValue(tree),
                    WithPlaces = !question.Command.GetValue(noPlaces),
                };
                question.IsSelective = query.Names.Count > 0 || query.States.Count > 0 || query.Cpu is not null;
                ThreadsAnswer answer = ThreadsAnswer.Ask(question.Session, query, question.Context);
                question.AddDefects(answer.Defects);
                string[] unmatched = [.. UnmatchedThreads.Describe(query, answer.List.Threads)];
                if (answer.Threads.Count > 0)
                    question.AddDefects(unmatched);
                else if (unmatched.Length > 0)
                    question.WhenEmpty = string.Join("; ", unmatched);

                return answer.Threads;
            },
            whenEmpty: "no thread matches all that was asked for"
        );
    }

    private static ThreadOrder ParseOrder(string text) =>
        s_orders.TryGetValue(text, out ThreadOrder order)
            ? order
            : throw new UsageException($"--sort: '{text}' is none of {string.Join(", ", s_orders.Keys)}");
}
