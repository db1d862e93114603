using System.CommandLine;
using System.Globalization;
using Osprey.Cli.CommandLine;
using Osprey.Cli.Rendering.Streams;
using Osprey.Cli.Rendering.Text;
using Osprey.Guests.Processes;
using Osprey.Session.Answers.Guests.Cpus;
using Osprey.Session.Guests;
using Osprey.Session.Guests.Sources;
using Osprey.Session.Guests.Stacks;
using Osprey.Target.Unwinding;

namespace Osprey.Cli.Commands.Guest.Threads;

/// <summary><c>osprey bt</c>: the stacks of vCPUs and threads.</summary>
internal static class BacktraceCommand
{
    private const int DefaultLines = 3;

    public static Command Create()
    {
        var command = new DocumentedCommand(
            "bt",
            "Show the stacks of vCPUs, of the guest's threads, or of what the guest saved registers of",
            "osprey bt                              # all vCPUs at one moment; a live guest is paused for "
                + "about a millisecond",
            "osprey bt --cpu 1 --limit 10 --locals",
            "osprey bt --all                        # all threads of the guest, each stack once; nothing is paused",
            "osprey bt 27 --locals                  # one thread, by number, address or name",
            "osprey bt sshd --user                  # and its program's part of the stack",
            "osprey bt --registers '*(struct pt_regs *)0xffffc9000008bf58' --locals   # what an interrupt or "
                + "fault came into",
            "osprey bt --registers '((sched::thread *)0x4000015bd040)->_state'        # an OSv thread that "
                + "does not run",
            "osprey bt 27 --source --git ~/src/osv  # and the source of each frame, at the commit that the guest's "
                + "version names",
            "osprey bt --target core:vm.core --json"
        );
        var options = new GuestOptions(command);
        var threads = new Argument<string[]>("thread")
        {
            Description = "Threads of the guest, by number, address or name",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var allThreads = new Option<bool>("--all", "-a")
        {
            Description = "All threads of the guest; those with the same stack are put together",
        };
        var all = new Option<bool>("--cpus")
        {
            Description = "All vCPUs, which is also what is shown when none is named",
        };
        var limit = new Option<int>("--limit", "-n")
        {
            Description = "Most frames of a stack; functions that were inlined count",
            HelpName = "N",
            DefaultValueFactory = _ => UnwinderOptions.Default.MaxFrames,
        };
        var locals = new Option<bool>("--locals")
        {
            Description = "Show parameters and local variables where debug info says where they are",
        };
        var registers = new Option<string>("--registers")
        {
            Description =
                "Start from registers saved in memory: a struct that has them, or "
                + "rip=EXPRESSION,rsp=EXPRESSION,rbp=EXPRESSION",
            HelpName = "SAVED",
        };
        var noPause = new Option<bool>("--no-pause")
        {
            Description = "Do not pause a live guest: a stack may change while it is walked",
        };
        command.Arguments.Add(threads);
        command.Options.Add(allThreads);
        command.Options.Add(all);
        command.Options.Add(limit);
        command.Options.Add(locals);
        command.Options.Add(registers);
        var fullNames = new Option<bool>("--full-names")
        {
            Description = "Show C++ names whole on a terminal too, with the template arguments of the standard library",
        };
        var user = new Option<bool>("--user")
        {
            Description =
                "Follow the stacks of threads on in their programs: by files below --sysroot or in the guest's page "
                + "cache, else by frame pointers",
        };
        command.Options.Add(user);
        var source = new Option<bool>("--source")
        {
            Description = "Show the source around the line of each frame, from disk or out of --git",
        };
        var lines = new Option<int>("--lines")
        {
            Description = "How many lines of source a frame",
            HelpName = "N",
            DefaultValueFactory = _ => DefaultLines,
        };
        command.Options.Add(source);
        command.Options.Add(lines);
        var places = new SourceOptions(command);
        command.Options.Add(noPause);
        command.Options.Add(fullNames);
        command.SetAction(result =>
        {
            if (result.GetValue(limit) < 1)
                throw new UsageException("--limit must be positive");

            if (result.GetValue(lines) < 1)
                throw new UsageException("--lines must be positive");

            bool wantsSource = result.GetValue(source) || places.IsUsed(result);
            string[] named = result.GetValue(threads) ?? [];
            bool asksNothing =
                named.Length == 0
                && !result.GetValue(allThreads)
                && !result.GetValue(all)
                && result.GetValue(registers) is null;
            int? cpu = options.GetCpu(result, orAttached: asksNothing);
            if (cpu is not null && result.GetValue(all))
                throw new UsageException("name one vCPU with --cpu, or ask for all with --cpus");

            if (result.GetValue(registers) is not null && result.GetValue(all))
                throw new UsageException("--registers is for one stack: leave --cpus out");

            if (options.GetThread(result, orAttached: asksNothing) is { } chosen)
                named = [.. named, chosen];

            bool asksThreads = named.Length > 0 || result.GetValue(allThreads);
            if (asksThreads && (cpu is not null || result.GetValue(all) || result.GetValue(registers) is not null))
                throw new UsageException("ask for threads, for vCPUs, or for saved registers");

            if (named.Length > 0 && result.GetValue(allThreads))
                throw new UsageException("name threads, or ask for all with --all");

            bool followsCpus = result.GetValue(user) && !asksThreads;
            if (result.GetValue(user) && result.GetValue(registers) is not null)
                throw new UsageException(
                    "--registers names no thread whose program could be followed: leave --user out"
                );

            return GuestInvocation.Run(
                result,
                options,
                invocation =>
                {
                    GuestSession session = invocation.Session;
                    var reader = new GuestStacks(session);
                    UnwinderOptions depth = UnwinderOptions.Default with { MaxFrames = result.GetValue(limit) };
                    invocation.Output.WantsFullNames = result.GetValue(fullNames);
                    using GitSources? git = wantsSource ? places.Open(result, session) : null;
                    SourceExcerpts? sources = wantsSource
                        ? new SourceExcerpts(new SourceLocator(git), result.GetValue(lines))
                        : null;
                    var backtraces = new ThreadBacktraces(
                        invocation,
                        depth,
                        result.GetValue(locals),
                        result.GetValue(user),
                        sources
                    );
                    if (asksThreads)
                        return backtraces.Show(named);

                    if (followsCpus)
                        return backtraces.ShowRunning(cpu, !result.GetValue(noPause));

                    IReadOnlyList<CpuStack> stacks = result.GetValue(registers) is { } saved
                        ? [session.FromRegisters(SavedRegisters.Read(session.Selected, saved)).ReadStack(depth)]
                        : reader.Read(
                            cpu is int one ? [one] : [.. Enumerable.Range(0, session.Target.CpuCount)],
                            depth,
                            !result.GetValue(noPause)
                        );
                    invocation.MissesSymbols = true;
                    invocation.Show(
                        StackAnswer.Shape,
                        new StackAnswer(session, stacks, result.GetValue(locals), result.GetValue(limit), sources),
                        WriteText
                    );
                    if (session.Os is IGuestProcesses)
                        PointToPrograms(stacks);

                    return ExitCode.Success;
                },
                paged: true
            );
        });
        return command;
    }

    /// <summary>Says how frames of programs get names, which the kernel's files have none for.</summary>
    private static void PointToPrograms(IReadOnlyList<CpuStack> stacks)
    {
        string[] cpus =
        [
            .. stacks.Where(stack => stack.IsOfProgram && stack.Cpu is not null).Select(stack => $"{stack.Cpu}"),
        ];
        if (cpus.Length > 0)
            Messages.Note(
                $"osprey: vCPU {string.Join(", ", cpus)}: in a program; bt --user shows in whose, with its names"
            );
    }

    private static void WriteText(StackAnswer answer, Output output)
    {
        bool isFirst = true;
        foreach (StackAnswer.Stack stack in answer.Stacks)
        {
            output.Text.Append(isFirst ? "" : "\n");
            isFirst = false;
            output.Text.Append(
                stack.Cpu is int cpu
                    ? string.Create(CultureInfo.InvariantCulture, $"vCPU {cpu}\n")
                    : "saved registers\n"
            );
            StackText.WriteFrames(stack.Rows, stack.Backtrace, output);
        }
    }
}
