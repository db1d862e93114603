using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Osprey.Cli.CommandLine;
using Osprey.Cli.Rendering.Text;
using Osprey.Target;
using Osprey.Target.Architectures;

namespace Osprey.Cli.Commands.Guest;

/// <summary><c>osprey registers</c>: what the registers of vCPUs hold.</summary>
internal static class RegistersCommand
{
    private const int Columns = 3;

    public static Command Create()
    {
        var command = new DocumentedCommand(
            "registers",
            "Show the registers of one vCPU or of all",
            "osprey registers                # all vCPUs; a live guest is paused for about a millisecond, and that is said",
            "osprey registers --cpu 1 --no-pause   # as QEMU sees them while the guest runs on"
        );
        var options = new GuestOptions(command);
        var noPause = new Option<bool>("--no-pause")
        {
            Description = "Do not pause a live guest: registers of one vCPU may be of different moments",
        };
        command.Options.Add(noPause);
        command.SetAction(result =>
            GuestInvocation.Run(
                result,
                options,
                invocation =>
                {
                    IReadOnlyList<int> cpus = options.GetCpu(result) is int cpu
                        ? [cpu]
                        : [.. Enumerable.Range(0, invocation.Session.Target.CpuCount)];
                    GuestTarget target = invocation.Session.Target;
                    IReadOnlyList<RegisterSet> sets = target.ReadRegisters(cpus);
                    if (!result.GetValue(noPause) && target.Access == TargetAccess.Live)
                    {
                        // Once more, now that whatever is slow the first time is over.
                        using (target.Pause())
                            sets = target.ReadRegisters(cpus);
                    }

                    if (invocation.IsJson)
                        WriteJson(invocation, cpus, sets);
                    else
                        WriteText(invocation, cpus, sets);

                    return ExitCode.Success;
                }
            )
        );
        return command;
    }

    private static void WriteText(GuestInvocation invocation, IReadOnlyList<int> cpus, IReadOnlyList<RegisterSet> sets)
    {
        for (int i = 0; i < sets.Count; i++)
        {
            string where =
                sets[i].ProgramCounter is { } pc && invocation.Session.NameAddress(pc) is { } name
                    ? $" in {TerminalText.Escape(name)}"
                    : "";
            invocation.Output.Text.Append($"vCPU {cpus[i]}{where}\n");
            int column = 0;
            foreach (Register register in sets[i].Architecture.Registers)
            {
                if (!sets[i].TryGet(register, out ulong value))
                    continue;

                string text = string.Create(CultureInfo.InvariantCulture, $"  {register.Name, -14} 0x{value:x16}");
                invocation.Output.Text.Append(++column % Columns == 0 ? text + "\n" : text);
            }

            invocation.Output.Text.Append(column % Columns == 0 ? "" : "\n");
        }
    }

    private static void WriteJson(
        GuestInvocation invocation,
        IReadOnlyList<int> cpus,
        IReadOnlyList<RegisterSet> sets
    ) =>
        invocation.WriteJson(writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("access"u8, invocation.Session.AccessWord);
            writer.WriteStartArray("vcpus"u8);
            for (int i = 0; i < sets.Count; i++)
            {
                writer.WriteStartObject();
                writer.WriteNumber("cpu"u8, cpus[i]);
                WriteMembers(writer, sets[i]);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        });

    private static void WriteMembers(Utf8JsonWriter writer, RegisterSet set)
    {
        writer.WriteStartObject("registers"u8);
        foreach (Register register in set.Architecture.Registers)
        {
            if (set.TryGet(register, out ulong value))
                writer.WriteString(register.Name, $"0x{value:x}");
        }

        writer.WriteEndObject();
    }
}
