using System.CommandLine;
using System.Globalization;
using Osprey.Cli.CommandLine;
using Osprey.Cli.Rendering.Streams;
using Osprey.Cli.Rendering.Text;
using Osprey.Guests.Threads;
using Osprey.Session.Answers.Guests.Cpus;
using Osprey.Session.Answers.Guests.Threads;
using Osprey.Session.Guests;
using Osprey.Session.Guests.Code;
using Osprey.Session.Guests.Sources;
using Osprey.Session.Guests.Stacks;
using Osprey.Target;
using Osprey.Target.Unwinding;

namespace Osprey.Cli.Commands.Guest.Threads;

/// <summary><c>osprey bt</c>: the stacks of vCPUs.</summary>
internal static class BacktraceCommand
{
    private const int DefaultLines = 3;

    /// <summary>Most threads without a stack that are named.</summary>
    private const int MaxLooks = 5;
    private const int MaxEnded = 20;

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
                    int ShowNamed(string[] chosen) =>
                        ShowThreads(invocation, chosen, depth, result.GetValue(locals), result.GetValue(user), sources);
                    if (asksThreads)
                        return ShowNamed(named);

                    if (followsCpus)
                        return ShowRunning(invocation, cpu, !result.GetValue(noPause), ShowNamed);

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
                    return ExitCode.Success;
                },
                paged: true
            );
        });
        return command;
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
            WriteFrames(stack.Rows, stack.Backtrace, output);
        }
    }

    /// <summary>
    /// Shows the threads that vCPUs run, whose programs can be followed; the guest stands still meanwhile, unless the
    /// user does not want that.
    /// </summary>
    private static int ShowRunning(GuestInvocation invocation, int? cpu, bool pauses, Func<string[], int> showThreads)
    {
        GuestSession session = invocation.Session;
        using IDisposable? pause = pauses ? session.Target.Pause() : null;
        for (int attempt = 1; ; attempt++)
        {
            session.RefreshContexts();
            GuestThreadState?[] found =
            [
                .. (cpu is int one ? [one] : Enumerable.Range(0, session.Target.CpuCount)).Select(number =>
                    session.FindRunning(number)
                    ?? session.ListThreads().Threads.FirstOrDefault(thread => session.RunsOn(thread, number))
                ),
            ];
            if (!found.Contains(null))
                return showThreads([
                    .. found.Select(thread => string.Create(CultureInfo.InvariantCulture, $"0x{thread!.Address:x}")),
                ]);

            // Other threads may have come to run between the list and the registers.
            if (attempt == MaxLooks)
                throw new TargetException(
                    TargetProblem.NoSuchThread,
                    "a vCPU is not seen to run a thread, whose program could be followed: leave --user out"
                );
        }
    }

    private static int ShowThreads(
        GuestInvocation invocation,
        string[] names,
        UnwinderOptions depth,
        bool locals,
        bool user,
        SourceExcerpts? sources
    )
    {
        GuestSession session = invocation.Session;
        ThreadStacksAnswer answer = ThreadStacksAnswer.Ask(
            session,
            names.Length == 0 ? null : [.. names.Select(session.FindThread)],
            depth,
            locals,
            invocation.Context,
            user,
            sources
        );
        invocation.Show(ThreadStacksAnswer.Shape, answer, WriteThreads);
        invocation.Output.Flush();
        if (answer.Ended is { Count: > 0 } ended)
            Messages.Write($"osprey: note: {DescribeEnded(ended)}");

        foreach (string defect in answer.Defects)
            Messages.Write($"osprey: {TerminalText.Escape(defect)}");

        return answer.Stacks.Count == 0 || answer.Defects.Count > 0 ? ExitCode.Failure : ExitCode.Success;
    }

    private static string DescribeEnded(IReadOnlyList<GuestThreadState> ended)
    {
        if (ended is [var one])
            return $"thread {one.Id} has ended and has no stack";

        string more = ended.Count > MaxEnded ? $" and {ended.Count - MaxEnded} more" : "";
        string ids = string.Join(", ", ended.Take(MaxEnded).Select(thread => thread.Id));
        return $"{ended.Count} threads have ended and have no stack: {ids}{more}";
    }

    private static void WriteThreads(ThreadStacksAnswer answer, Output output)
    {
        bool isFirst = true;
        foreach (ThreadStack stack in answer.Stacks)
        {
            output.Text.Append(isFirst ? "" : "\n");
            isFirst = false;
            foreach (ThreadRow row in stack.Threads)
            {
                GuestThreadState thread = row.State;
                string cpu = thread.Cpu is int number ? $" on CPU {number}" : "";
                string wait = row.Wait is { } reason ? $", waits for {reason.Description}" : "";
                output.Text.Append(
                    TerminalText.Escape($"thread {thread.Id} {thread.Name}: {thread.State}{cpu}{wait}") + "\n"
                );
            }

            WriteFrames(stack.Rows, stack.Backtrace, output);
            if (stack.User is { } user)
            {
                output.Text.Append("     user mode:\n");
                WriteFrames(stack.UserRows, user.Backtrace, output);
            }

            output.FlushIfLarge();
        }
    }

    /// <summary>Writes the frames of one stack.</summary>
    internal static void WriteFrames(IEnumerable<StackRow> rows, Backtrace backtrace, Output output)
    {
        foreach (StackRow row in rows)
        {
            output.Text.Append(FormatRow(row.Frame, output));
            if (row.Source is { } source)
                WriteSource(source, output);

            foreach (StackVariable variable in row.Variables ?? [])
                output.Text.Append(
                    $"         {TerminalText.Escape(variable.Variable.Name)} = {variable.Shown.ToText()}\n"
                );
        }

        if (!backtrace.End.IsComplete || backtrace.End.Detail is not null)
            output.Text.Append($"     ({backtrace.End})\n");

        foreach (string note in backtrace.Notes)
            output.Text.Append($"     note: {note}\n");
    }

    private static void WriteSource(SourceExcerpt source, Output output)
    {
        if (source.Origin is null)
            output.Text.Append("         (its source is not here)\n");

        SourceCommand.WriteLines(source, "       ", output);
    }

    private static string FormatRow(BacktraceRow row, Output output)
    {
        string function = row.Function ?? "??";
        if (output.ShortensNames)
            function = ShortNames.Shorten(function);

        string place = row.File is null
            ? row.Module is null
                ? ""
                : string.Create(
                    CultureInfo.InvariantCulture,
                    $" in {Path.GetFileName(row.Module)}+0x{row.ModuleOffset:x}"
                )
            : row.Line is int line
                ? $" at {row.File}:{line}"
                : $" at {row.File}";
        string address = row.IsInlined
            ? new string(' ', 18)
            : string.Create(CultureInfo.InvariantCulture, $"0x{row.Address:x16}");
        return TerminalText.Escape(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"#{row.Number, -3} {address} {function}{place}{(row.IsInlined ? " (inlined)" : "")}"
                )
            ) + "\n";
    }
}
