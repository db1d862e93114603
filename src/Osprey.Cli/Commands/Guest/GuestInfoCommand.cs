using System.CommandLine;
using System.Globalization;
using Osprey.Cli.CommandLine;
using Osprey.Cli.Rendering.Streams;
using Osprey.Cli.Rendering.Text;
using Osprey.Session.Answers.Guests;
using Osprey.Session.Guests;
using Osprey.Target.Memory;

namespace Osprey.Cli.Commands.Guest;

/// <summary><c>osprey info</c>: what was found of a guest.</summary>
internal static class GuestInfoCommand
{
    public static Command Create()
    {
        var command = new DocumentedCommand(
            "info",
            "Show what was found of a guest: system, kernel file, vCPUs, memory",
            "osprey info                            # the only guest of this host",
            "osprey info --target core:vm.core --json"
        );
        var options = new GuestOptions(command) { TakesPrograms = true };
        command.SetAction(result =>
            GuestInvocation.Run(
                result,
                options,
                invocation =>
                {
                    invocation.Show(
                        GuestInfoAnswer.Shape,
                        new GuestInfoAnswer(invocation.Session),
                        (answer, output) => WriteText(answer.Session, output)
                    );
                    return ExitCode.Success;
                }
            )
        );
        return command;
    }

    private static void WriteText(GuestSession session, Output output)
    {
        void Row(string name, string value) => output.Text.Append($"{name, -14}{TerminalText.Escape(value)}\n");

        Row("target", session.Description);
        Row("system", session.Identity.Description);
        if (session.Identity.Signs.Count > 0)
            Row("recognised by", string.Join(", ", session.Identity.Signs.Select(sign => sign.Description)));

        if (session.Identity.KernelAddress != 0)
            Row(
                "kernel at",
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"0x{session.Identity.KernelAddress:x}, physical 0x{session.Identity.KernelPhysicalAddress.Value:x}"
                )
            );

        foreach (GuestModule module in session.Programs.Modules)
            Row(
                "program",
                string.Create(CultureInfo.InvariantCulture, $"{module.Path} at 0x{module.Start:x}: {module.Origin}")
            );

        string? symbols = session.Programs.SymbolsOrigin;
        if (session.Programs.Modules.Count == 0)
            Row("program", $"none: {(symbols is null ? "no symbols" : "no lines and locals")}; name one with --exe");

        if (symbols is not null)
            Row("symbols", symbols);

        Row("page tables", session.Selected.SpaceDescription);
        Row("vCPUs", session.Target.CpuCount.ToString(CultureInfo.InvariantCulture));
        Row("memory", $"{SizeText.Format(session.Target.RamSize)}, {session.MemoryMethod}");
        foreach (MemoryBlock block in session.Target.Memory.Blocks)
            output.Text.Append(
                string.Create(
                        CultureInfo.InvariantCulture,
                        $"  0x{block.Start.Value:x16}-0x{block.Start.Value + (block.Size - 1):x16} "
                            + $"{SizeText.Format(block.Size), 10}  "
                            + $"{block.Kind.ToString().ToLowerInvariant(), -7}  {TerminalText.Escape(block.Name)}"
                    )
                    .TrimEnd() + "\n"
            );
    }
}
