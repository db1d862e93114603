using System.CommandLine;
using System.Globalization;
using Osprey.Cli.CommandLine;
using Osprey.Cli.Rendering.Streams;
using Osprey.Session.Answers.Guests.Kernels;

namespace Osprey.Cli.Commands.Guest;

/// <summary><c>osprey vmlinux</c>: a kernel's file, made of what the kernel has in memory.</summary>
internal static class VmlinuxCommand
{
    public const string Name = "vmlinux";

    public static Command Create()
    {
        var command = new DocumentedCommand(
            Name,
            "Write a Linux kernel's ELF file out of memory: symbols, code, rules for its stacks",
            "osprey vmlinux kernel.elf",
            "osprey vmlinux kernel.elf && objdump -d --disassemble=do_nanosleep kernel.elf",
            "osprey vmlinux kernel.elf && gdb kernel.elf -ex 'target remote localhost:1234'   # QEMU's own stub"
        );
        var options = new GuestOptions(command);
        var path = new Argument<string>("file") { Description = "The file to write" };
        var noCode = new Option<bool>("--no-code")
        {
            Description = "Leave out code and constants, which debuggers read out of the guest",
        };
        var force = new Option<bool>("--force") { Description = "Write over a file that is there" };
        command.Arguments.Add(path);
        command.AddOptions(noCode, force);
        command.SetAction(result =>
        {
            string file = result.GetValue(path)!;
            if (File.Exists(file) && !result.GetValue(force))
                throw new CommandFailedException($"{file} exists already; write over it with --force");

            return GuestInvocation.Run(
                result,
                options,
                invocation => Write(invocation, file, withCode: !result.GetValue(noCode))
            );
        });
        return command;
    }

    private static int Write(GuestInvocation invocation, string path, bool withCode)
    {
        KernelElfAnswer answer = KernelElfAnswer.Write(invocation.Session, path, withCode, invocation.Context);
        invocation.Show(KernelElfAnswer.Shape, answer, (_, _) => { });
        invocation.Output.Flush();
        Messages.Note(
            string.Create(CultureInfo.InvariantCulture, $"osprey: {path}: {answer.Written.SymbolCount} symbols")
                + (
                    answer.Written.FrameInfoSize > 0
                        ? ", with rules for the kernel's stacks"
                        : "; no rules for the kernel's stacks are known"
                )
        );
        foreach (string defect in answer.Written.Defects)
            Messages.Write($"osprey: {defect}");

        if (answer.Written.Unreadable > 0)
            Messages.Write($"osprey: {answer.Written.Unreadable} bytes could not be read; they are zeros in the file");

        return answer.Written.Defects.Count == 0 && answer.Written.Unreadable == 0
            ? ExitCode.Success
            : ExitCode.Failure;
    }
}
