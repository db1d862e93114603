using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Osprey.Cli.CommandLine;
using Osprey.Cli.Rendering.Text;
using Osprey.Session.Guests;
using Osprey.Session.Guests.Stacks;
using Osprey.Symbols.Types;
using Osprey.Symbols.Types.Variables;
using Osprey.Target.Unwinding;
using Osprey.Values;
using Osprey.Values.Frames;
using Osprey.Values.Printing;

namespace Osprey.Cli.Commands.Guest;

/// <summary><c>osprey bt</c>: the stacks of vCPUs.</summary>
internal static class BacktraceCommand
{
    /// <summary>A stack is to be looked over at once; what is in a variable, print shows.</summary>
    private static readonly ValueTextOptions s_shortValues = ValueTextOptions.Default with
    {
        MaxDepth = 1,
        MaxElements = 20,
        StaticMembers = false,
    };

    public static Command Create()
    {
        var command = new DocumentedCommand(
            "bt",
            "Show the stack of one vCPU or of all, or of what the guest saved registers of",
            "osprey bt                              # all vCPUs at one moment; a live guest is paused for about a millisecond",
            "osprey bt --cpu 1 --limit 10 --locals",
            "osprey bt --registers '*(struct pt_regs *)0xffffc9000008bf58' --locals   # what an interrupt or fault came into",
            "osprey bt --registers '((sched::thread *)0x4000015bd040)->_state'        # an OSv thread that does not run",
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
                "Start from registers saved in memory: a struct that has them, or rip=EXPRESSION,rsp=EXPRESSION,rbp=EXPRESSION",
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
                    var names = new BacktraceSymbols(session.Symbols);
                    Func<CpuStack, StackScopes?> findScopes = result.GetValue(locals) ? reader.GetScopes : _ => null;
                    if (invocation.IsJson)
                        WriteJson(invocation, stacks, names, findScopes);
                    else
                        WriteText(invocation, stacks, names, findScopes);

                    return ExitCode.Success;
                },
                paged: true
            );
        });
        return command;
    }

    private static void WriteText(
        GuestInvocation invocation,
        IReadOnlyList<CpuStack> stacks,
        BacktraceSymbols names,
        Func<CpuStack, StackScopes?> findScopes
    )
    {
        foreach (CpuStack stack in stacks)
        {
            invocation.Output.Text.Append(stack == stacks[0] ? "" : "\n");
            invocation.Output.Text.Append(
                stack.Cpu is int cpu
                    ? string.Create(CultureInfo.InvariantCulture, $"vCPU {cpu}\n")
                    : "saved registers\n"
            );
            StackScopes? scopes = findScopes(stack);
            foreach (BacktraceRow row in names.Expand(stack.Backtrace))
            {
                invocation.Output.Text.Append(FormatRow(row));
                foreach (
                    (DebugVariable variable, Value value) in scopes
                        ?.FindFunction(row.FrameIndex, row.InlineIndex)
                        ?.Variables
                        ?? []
                )
                    invocation.Output.Text.Append(
                        $"         {TerminalText.Escape(variable.Name)} = {ValueText.FormatInner(value, s_shortValues)}\n"
                    );
            }

            if (!stack.Backtrace.End.IsComplete)
                invocation.Output.Text.Append($"     ({stack.Backtrace.End})\n");

            foreach (string note in stack.Backtrace.Notes)
                invocation.Output.Text.Append($"     note: {note}\n");
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

    private static void WriteJson(
        GuestInvocation invocation,
        IReadOnlyList<CpuStack> stacks,
        BacktraceSymbols names,
        Func<CpuStack, StackScopes?> findScopes
    ) =>
        invocation.WriteJson(writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("access"u8, invocation.Session.AccessWord);
            writer.WriteStartArray("vcpus"u8);
            foreach (CpuStack stack in stacks)
                WriteStack(writer, stack, names, findScopes(stack));

            writer.WriteEndArray();
            writer.WriteEndObject();
        });

    private static void WriteStack(Utf8JsonWriter writer, CpuStack stack, BacktraceSymbols names, StackScopes? scopes)
    {
        writer.WriteStartObject();
        if (stack.Cpu is int cpu)
            writer.WriteNumber("cpu"u8, cpu);
        else
            writer.WriteNull("cpu"u8);

        writer.WriteStartArray("frames"u8);
        foreach (BacktraceRow row in names.Expand(stack.Backtrace))
        {
            writer.WriteStartObject();
            writer.WriteNumber("number"u8, row.Number);
            writer.WriteString("address"u8, $"0x{row.Address:x}");
            writer.WriteString("function"u8, row.Function);
            writer.WriteBoolean("inlined"u8, row.IsInlined);
            writer.WriteString("file"u8, row.File);
            if (row.Line is int line)
                writer.WriteNumber("line"u8, line);
            else
                writer.WriteNull("line"u8);

            writer.WriteString("module"u8, row.Module);
            writer.WriteString("foundBy"u8, row.Origin.ToString());
            if (scopes is not null)
                WriteVariables(writer, scopes.FindFunction(row.FrameIndex, row.InlineIndex));

            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteString("end"u8, stack.Backtrace.End.ToString());
        writer.WriteBoolean("complete"u8, stack.Backtrace.End.IsComplete);
        writer.WriteStartArray("notes"u8);
        foreach (string note in stack.Backtrace.Notes)
            writer.WriteStringValue(note);

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void WriteVariables(Utf8JsonWriter writer, FrameScope? scope)
    {
        writer.WriteStartArray("variables"u8);
        foreach ((DebugVariable variable, Value value) in scope?.Variables ?? [])
        {
            writer.WriteStartObject();
            writer.WriteString("name"u8, variable.Name);
            writer.WriteString("type"u8, TypeNames.Spell(variable.Type));
            writer.WriteBoolean("parameter"u8, variable.IsParameter);
            writer.WritePropertyName("value"u8);
            ValueJson.Write(writer, value, s_shortValues);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }
}
