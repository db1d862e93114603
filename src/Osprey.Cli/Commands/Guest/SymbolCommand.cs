using System.CommandLine;
using System.Globalization;
using Osprey.Cli.CommandLine;
using Osprey.Cli.Rendering.Json;
using Osprey.Cli.Rendering.Streams;
using Osprey.Cli.Rendering.Text;
using Osprey.Session.Guests;
using Osprey.Symbols;

namespace Osprey.Cli.Commands.Guest;

/// <summary><c>osprey symbol</c>: what is at an address, or where a name is.</summary>
internal static class SymbolCommand
{
    public static Command Create()
    {
        var command = new DocumentedCommand(
            "symbol",
            "Show what is at an address, with what was inlined there; or where a name is",
            "osprey symbol 0x40345678                   # function, inlined calls, source lines, module",
            "osprey symbol sched::cpu::schedule"
        );
        var options = new GuestOptions(command);
        var name = new Argument<string>("what") { Description = "An address (0x...), a symbol or an expression" };
        command.Arguments.Add(name);
        command.SetAction(result =>
            GuestInvocation.Run(
                result,
                options,
                invocation =>
                {
                    ulong address = invocation.Session.Selected.ResolveAddress(
                        result.GetValue(name)!,
                        isPhysical: false
                    );
                    return Show(invocation, address);
                }
            )
        );
        return command;
    }

    private static int Show(GuestInvocation invocation, ulong address)
    {
        GuestSession session = invocation.Session;
        var frames = new List<SymbolFrame>();
        bool found = session.Symbols.TryResolve(address, frames);
        string? symbol = session.NameAddress(address);
        GuestModule? module = session.Programs.Modules.FirstOrDefault(module =>
            address >= module.Start && address < module.End
        );
        if (invocation.IsJson)
            WriteJson(invocation, address, frames, symbol, module);
        else if (found || symbol is not null)
            WriteText(invocation, address, frames, symbol, module);

        if (found || symbol is not null)
            return ExitCode.Success;

        invocation.Output.Flush();
        Messages.Write(
            string.Create(
                CultureInfo.InvariantCulture,
                $"osprey: no symbol at 0x{address:x}{(module is null ? ": it is in none of the guest's programs that are known" : $", in {module.Path}")}"
            )
        );
        return ExitCode.Failure;
    }

    private static void WriteText(
        GuestInvocation invocation,
        ulong address,
        List<SymbolFrame> frames,
        string? symbol,
        GuestModule? module
    )
    {
        invocation.Output.Text.Append(
            TerminalText.Escape(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"0x{address:x} {symbol ?? "?"}{(module is null ? "" : $" in {module.Path}")}"
                )
            ) + "\n"
        );
        foreach (SymbolFrame frame in frames)
        {
            string place =
                frame.File is null ? ""
                : frame.Line is int line ? $" at {frame.File}:{line}"
                : $" at {frame.File}";
            invocation.Output.Text.Append(
                $"  {TerminalText.Escape((frame.Name ?? "?") + place)}{(frame.IsInlined ? " (inlined)" : "")}\n"
            );
        }
    }

    private static void WriteJson(
        GuestInvocation invocation,
        ulong address,
        List<SymbolFrame> frames,
        string? symbol,
        GuestModule? module
    ) =>
        invocation.WriteJson(writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("address"u8, $"0x{address:x}");
            writer.WriteString("symbol"u8, symbol);
            writer.WriteString("module"u8, module?.Path);
            writer.WriteStartArray("frames"u8);
            foreach (SymbolFrame frame in frames)
                FrameJson.Write(writer, frame);

            writer.WriteEndArray();
            writer.WriteEndObject();
        });
}
