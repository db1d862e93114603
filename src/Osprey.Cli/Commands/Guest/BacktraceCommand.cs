using System.CommandLine;
using System.Globalization;
using Osprey.Cli.CommandLine;
using Osprey.Cli.Rendering.Streams;
using Osprey.Cli.Rendering.Text;
using Osprey.Session.Answers.Guests.Cpus;
using Osprey.Session.Guests;
using Osprey.Session.Guests.Stacks;
using Osprey.Target.Unwinding;

namespace Osprey.Cli.Commands.Guest;

/// <summary><c>osprey bt</c>: the stacks of vCPUs.</summary>
internal static class BacktraceCommand
{
    public static Command Create()
    {
        var command = new DocumentedCommand(
            "bt",
            "Show the stack of one vCPU or of all, or of what the guest saved registers of",
            "osprey bt                              # all vCPUs at one moment; a live guest is paused for "
                + "about a millisecond",
            "osprey bt --cpu 1 --limit 10 --locals",
            "osprey bt --registers '*(struct pt_regs *)0xffffc9000008bf58' --locals   # what an interrupt or "
                + "fault came into",
            "osprey bt --registers '((sched::thread *)0x4000015bd040)->_state'        # an OSv thread that "
                + "does not run",
            "osprey bt --target core:vm.core --json"
        );
        var options = new GuestOptions(command);
        var all = new Option<bool>("--cpus")
        {
            Description = "All vCPUs, which is also what is shown when none is named",
        };
        var limit = new Option<int>("--limit", "-n")
        {
            Description = "Most frames of a stack",
            HelpName = "N",
            DefaultValueFactory = _ => UnwinderOptions.Default.MaxFrames,
        };
        var locals = new Option<bool>("--locals", "-l")
        {
            Description = "Show parameters and local variables where debug info says where they are",
        };
        var registers = new Option<string>("--registers", "-r")
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
        command.Options.Add(all);
        command.Options.Add(limit);
        command.Options.Add(locals);
        command.Options.Add(registers);
        command.Options.Add(noPause);
        command.SetAction(result =>
        {
            if (result.GetValue(limit) < 1)
                throw new UsageException("--limit must be positive");

            int? cpu = options.GetCpu(result);
            if (cpu is not null && result.GetValue(all))
                throw new UsageException("name one vCPU with --cpu, or ask for all with --cpus");

            if (result.GetValue(registers) is not null && result.GetValue(all))
                throw new UsageException("--registers is for one stack: leave --cpus out");

            return GuestInvocation.Run(
                result,
                options,
                invocation =>
                {
                    GuestSession session = invocation.Session;
                    var reader = new GuestStacks(session);
                    UnwinderOptions depth = UnwinderOptions.Default with { MaxFrames = result.GetValue(limit) };
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
                        new StackAnswer(session, stacks, result.GetValue(locals)),
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
            foreach (StackRow row in stack.Rows)
            {
                output.Text.Append(FormatRow(row.Frame));
                foreach (StackVariable variable in row.Variables ?? [])
                    output.Text.Append(
                        $"         {TerminalText.Escape(variable.Variable.Name)} = {variable.Shown.ToText()}\n"
                    );
            }

            if (!stack.Backtrace.End.IsComplete)
                output.Text.Append($"     ({stack.Backtrace.End})\n");

            foreach (string note in stack.Backtrace.Notes)
                output.Text.Append($"     note: {note}\n");
        }
    }

    private static string FormatRow(BacktraceRow row)
    {
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
                    $"#{row.Number, -3} {address} {row.Function ?? "??"}{place}{(row.IsInlined ? " (inlined)" : "")}"
                )
            ) + "\n";
    }
}
