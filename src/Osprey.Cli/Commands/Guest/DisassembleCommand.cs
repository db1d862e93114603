using System.CommandLine;
using System.Globalization;
using Osprey.Cli.CommandLine;
using Osprey.Cli.Rendering.Streams;
using Osprey.Cli.Rendering.Text;
using Osprey.Session.Answers.Guests;
using Osprey.Session.Guests;
using Osprey.Session.Guests.Code;
using Osprey.Target.Architectures.X64;

namespace Osprey.Cli.Commands.Guest;

/// <summary><c>osprey disassemble</c>: a guest's instructions as they are in its memory.</summary>
internal static class DisassembleCommand
{
    private static readonly string[] s_programCounters = ["$rip", "$eip", "$pc"];

    public static Command Create()
    {
        var command = new DocumentedCommand(
            "disassemble",
            "Show instructions as they are in the guest's memory, with symbols and source lines",
            "osprey disassemble sched::cpu::schedule     # the whole function",
            "osprey disassemble '$rip' --count 5 --cpu 1 # from where vCPU 1 is",
            "osprey disassemble 0xfffffff0 --phys --bits 16"
        );
        var options = new GuestOptions(command) { TakesPrograms = true };
        var where = new Argument<string>("where") { Description = "A function, an address or an expression" };
        var count = new Option<int?>("--count", "-n")
        {
            Description =
                $"How many instructions; the whole function, or {InstructionsAnswer.DefaultCount}, when left out",
            HelpName = "N",
        };
        var isPhysical = new Option<bool>("--phys", "-p") { Description = "The address is physical" };
        var bits = new Option<int?>("--bits")
        {
            Description = "Decode for a processor in 16-, 32- or 64-bit mode; that of the vCPU when left out",
            HelpName = "BITS",
        };
        command.Arguments.Add(where);
        command.Options.Add(count);
        command.Options.Add(isPhysical);
        command.Options.Add(bits);
        command.SetAction(result =>
        {
            if (result.GetValue(bits) is not (null or 16 or 32 or 64))
                throw new UsageException($"--bits {result.GetValue(bits)}: expected 16, 32 or 64");

            if (result.GetValue(count) is <= 0)
                throw new UsageException("--count must be positive");

            return GuestInvocation.Run(
                result,
                options,
                invocation =>
                    Show(
                        invocation,
                        result.GetValue(where)!,
                        result.GetValue(count),
                        result.GetValue(isPhysical),
                        result.GetValue(bits)
                    )
            );
        });
        return command;
    }

    private static int Show(GuestInvocation invocation, string where, int? count, bool isPhysical, int? bits)
    {
        GuestSession session = invocation.Session;
        ulong start = session.Selected.ResolveAddress(where, isPhysical);
        X64CodeMode mode =
            isPhysical || session.Selected.TryReadRegisters() is not { } registers
                ? X64CodeMode.Long
                : X64CodeMode.FromRegisters(registers);
        if (mode != X64CodeMode.Long && bits is null)
            Messages.Write(
                $"osprey: vCPU {session.Selected.Cpu} is in {mode.Name}: code of {mode.Bits} bits is shown"
                    + (mode.Assumption is null ? "" : $"; {mode.Assumption}")
            );

        // The program counter is an offset in the code segment; numbers and symbols are linear addresses.
        if (
            mode.CodeBase != 0
            && s_programCounters.Any(name => where.Contains(name, StringComparison.OrdinalIgnoreCase))
        )
            start = unchecked(start + mode.CodeBase);

        InstructionsAnswer answer = InstructionsAnswer.Ask(
            session,
            start,
            count,
            isPhysical,
            bits ?? mode.Bits,
            bits is null || bits == mode.Bits ? mode.CodeBase : 0
        );
        invocation.Show(InstructionsAnswer.Shape, answer, WriteText);
        if (answer.UnreadableAt is not { } gap)
            return ExitCode.Success;

        invocation.Output.Flush();
        Messages.Write($"osprey: {TargetAdvice.ExplainUnreadable(session, gap, isPhysical)}");
        return answer.IsAsAsked ? ExitCode.Success : ExitCode.Failure;
    }

    private static void WriteText(InstructionsAnswer answer, Output output)
    {
        string? function = null;
        string? place = null;
        foreach (InstructionRow row in answer.Rows)
        {
            if (row.Function is not null && row.Function != function)
                output.Text.Append($"{TerminalText.Escape(row.Function)}:\n");

            string? line = row.File is null ? null : $"{row.File}:{row.Line}";
            if (line is not null && line != place)
                output.Text.Append($"; {TerminalText.Escape(line)}\n");

            function = row.Function ?? function;
            place = line ?? place;
            output.Text.Append(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"  {row.Address:x16}  {Convert.ToHexStringLower(row.Bytes), -20}  "
                        + $"{TerminalText.Escape(row.Text)}\n"
                )
            );
        }
    }
}
