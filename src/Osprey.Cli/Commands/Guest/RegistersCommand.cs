using System.CommandLine;
using System.Globalization;
using Osprey.Cli.CommandLine;
using Osprey.Cli.Rendering.Streams;
using Osprey.Cli.Rendering.Text;
using Osprey.Session.Answers.Guests.Cpus;
using Osprey.Session.Guests;

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
            "osprey registers                # all vCPUs; a live guest is paused for about a millisecond, and "
                + "that is said",
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
                    RegistersAnswer answer = RegistersAnswer.Ask(
                        invocation.Session,
                        options.GetCpu(result),
                        pauses: !result.GetValue(noPause)
                    );
                    invocation.Show(
                        RegistersAnswer.Shape,
                        answer,
                        (_, output) => WriteText(answer, output, invocation.Session)
                    );
                    return ExitCode.Success;
                }
            )
        );
        return command;
    }

    private static void WriteText(RegistersAnswer answer, Output output, GuestSession session)
    {
        foreach (VcpuRegisters vcpu in answer.Vcpus)
        {
            string where =
                vcpu.ProgramCounter is { } pc && session.NameAddress(pc) is { } name
                    ? $" in {TerminalText.Escape(name)}"
                    : "";
            string whose = vcpu.Thread is { } thread ? $"thread {thread.Id} {thread.Name}" : $"vCPU {vcpu.Cpu}";
            output.Text.Append($"{TerminalText.Escape(whose)}{where}\n");
            int column = 0;
            foreach (RegisterValue register in vcpu.Values)
            {
                string text = string.Create(
                    CultureInfo.InvariantCulture,
                    $"  {register.Name, -14} 0x{register.Value:x16}"
                );
                output.Text.Append(++column % Columns == 0 ? text + "\n" : text);
            }

            output.Text.Append(column % Columns == 0 ? "" : "\n");
        }
    }
}
