using System.CommandLine;
using System.Globalization;
using Osprey.Cli.CommandLine;
using Osprey.Cli.Rendering.Streams;
using Osprey.Cli.Rendering.Text;
using Osprey.Session.Guests;

namespace Osprey.Cli.Commands.Guest;

/// <summary><c>osprey guests</c>: the guests of this host.</summary>
internal static class GuestsCommand
{
    public static Command Create()
    {
        var command = new DocumentedCommand(
            "guests",
            "List the QEMU guests of this host and how each can be reached",
            "osprey guests                              # process, name, memory, vCPUs, state, kernel, ways in",
            "osprey guests --json | jq '.guests[].pid'"
        );
        var json = new Option<bool>("--json") { Description = "Print JSON instead of text" };
        command.Options.Add(json);
        command.SetAction(result => Run(result.GetValue(json)));
        return command;
    }

    private static int Run(bool isJson)
    {
        IReadOnlyList<GuestListing> guests = GuestFinder.List();
        using var output = new Output(paged: false);
        if (isJson)
            WriteJson(output, guests);
        else
            WriteText(output, guests);

        output.Flush();
        if (guests.Count == 0)
            Messages.Write("osprey: no guest runs under QEMU on this host");

        return ExitCode.Success;
    }

    private static void WriteText(Output output, IReadOnlyList<GuestListing> guests)
    {
        if (guests.Count == 0)
            return;

        var table = new TextTable(
            ["PID", "NAME", "VCPUS", "MEMORY", "STATE", "KERNEL", "REACHED BY"],
            rightAligned: [0, 2, 3]
        );
        foreach (GuestListing guest in guests)
        {
            table.Add(
                guest.Process.ProcessId.ToString(CultureInfo.InvariantCulture),
                TerminalText.Escape(guest.Process.CommandLine.GuestName ?? "-"),
                guest.Process.CommandLine.CpuCount.ToString(CultureInfo.InvariantCulture),
                SizeText.Format(guest.Process.CommandLine.MemorySize),
                guest.State ?? "?",
                TerminalText.Escape(guest.Process.CommandLine.Kernel is { } kernel ? Path.GetFileName(kernel) : "-"),
                TerminalText.Escape(string.Join(", ", ListWays(guest)))
            );
        }

        table.Write(output.Text);
    }

    private static IEnumerable<string> ListWays(GuestListing guest)
    {
        yield return guest.CanReadMemory ? "memory" : "no memory (not permitted)";
        if (guest.Qmp is not null)
            yield return guest.QmpProblem is null ? guest.Qmp : $"no {guest.Qmp} ({guest.QmpProblem})";

        if (guest.Gdb is not null)
            yield return $"gdb:{guest.Gdb}";
    }

    private static void WriteJson(Output output, IReadOnlyList<GuestListing> guests) =>
        JsonOutput.Write(
            output,
            writer =>
            {
                writer.WriteStartObject();
                writer.WriteStartArray("guests"u8);
                foreach (GuestListing guest in guests)
                {
                    writer.WriteStartObject();
                    writer.WriteNumber("pid"u8, guest.Process.ProcessId);
                    writer.WriteString("name"u8, guest.Process.CommandLine.GuestName);
                    writer.WriteNumber("vcpus"u8, guest.Process.CommandLine.CpuCount);
                    writer.WriteNumber("memory"u8, guest.Process.CommandLine.MemorySize);
                    writer.WriteString("state"u8, guest.State);
                    writer.WriteString("machine"u8, guest.Process.CommandLine.Machine);
                    writer.WriteString("kernel"u8, guest.Process.CommandLine.Kernel);
                    writer.WriteBoolean("memoryReadable"u8, guest.CanReadMemory);
                    writer.WriteString("qmp"u8, guest.Qmp);
                    writer.WriteString("qmpProblem"u8, guest.QmpProblem);
                    writer.WriteString("gdb"u8, guest.Gdb);
                    writer.WriteEndObject();
                }

                writer.WriteEndArray();
                writer.WriteEndObject();
            }
        );
}
