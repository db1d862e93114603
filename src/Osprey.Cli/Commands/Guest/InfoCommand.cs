using System.CommandLine;
using System.Globalization;
using Osprey.Cli.CommandLine;
using Osprey.Cli.Rendering.Text;
using Osprey.Guests;
using Osprey.Session.Guests;
using Osprey.Target.Memory;

namespace Osprey.Cli.Commands.Guest;

/// <summary><c>osprey info</c>: what was found of a guest.</summary>
internal static class InfoCommand
{
    public static Command Create()
    {
        var command = new DocumentedCommand(
            "info",
            "Show what was found of a guest: system, kernel file, vCPUs, memory",
            "osprey info                            # the only guest of this host",
            "osprey info --target core:vm.core --json"
        );
        var options = new GuestOptions(command);
        command.SetAction(result =>
            GuestInvocation.Run(
                result,
                options,
                invocation =>
                {
                    if (invocation.IsJson)
                        WriteJson(invocation);
                    else
                        WriteText(invocation);

                    return ExitCode.Success;
                }
            )
        );
        return command;
    }

    private static void WriteText(GuestInvocation invocation)
    {
        GuestSession session = invocation.Session;
        void Row(string name, string value) =>
            invocation.Output.Text.Append($"{name, -14}{TerminalText.Escape(value)}\n");

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

        if (session.Programs.Modules.Count == 0)
            Row("program", "none: no symbols; name one with --exe");

        Row("page tables", session.Selected.SpaceDescription);
        Row("vCPUs", session.Target.CpuCount.ToString(CultureInfo.InvariantCulture));
        Row("memory", $"{SizeText.Format(session.Target.RamSize)}, {session.MemoryMethod}");
        foreach (MemoryBlock block in session.Target.Memory.Blocks)
            invocation.Output.Text.Append(
                string.Create(
                        CultureInfo.InvariantCulture,
                        $"  0x{block.Start.Value:x16}-0x{block.Start.Value + (block.Size - 1):x16} {SizeText.Format(block.Size), 10}  {block.Kind.ToString().ToLowerInvariant(), -7}  {TerminalText.Escape(block.Name)}"
                    )
                    .TrimEnd() + "\n"
            );
    }

    private static void WriteJson(GuestInvocation invocation)
    {
        GuestSession session = invocation.Session;
        invocation.WriteJson(writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("target"u8, session.Target.Name);
            writer.WriteString("access"u8, session.AccessWord);
            writer.WriteString("system"u8, session.Identity.System.ToLowerInvariant());
            writer.WriteString("version"u8, session.Identity.Version);
            writer.WriteStartArray("signs"u8);
            foreach (GuestSign sign in session.Identity.Signs)
                writer.WriteStringValue(sign.Name);

            writer.WriteEndArray();
            writer.WriteString("kernelAddress"u8, $"0x{session.Identity.KernelAddress:x}");
            writer.WriteString("kernelPhysicalAddress"u8, $"0x{session.Identity.KernelPhysicalAddress.Value:x}");
            writer.WriteStartArray("programs"u8);
            foreach (GuestModule module in session.Programs.Modules)
            {
                writer.WriteStartObject();
                writer.WriteString("path"u8, module.Path);
                writer.WriteString("address"u8, $"0x{module.Start:x}");
                writer.WriteString("origin"u8, module.Origin);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteString("pageTables"u8, session.Selected.SpaceDescription);
            writer.WriteNumber("vcpus"u8, session.Target.CpuCount);
            writer.WriteNumber("memory"u8, session.Target.RamSize);
            writer.WriteStartArray("blocks"u8);
            foreach (MemoryBlock block in session.Target.Memory.Blocks)
            {
                writer.WriteStartObject();
                writer.WriteString("start"u8, $"0x{block.Start.Value:x}");
                writer.WriteNumber("size"u8, block.Size);
                writer.WriteString("kind"u8, block.Kind.ToString().ToLowerInvariant());
                writer.WriteString("name"u8, block.Name);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        });
    }
}
