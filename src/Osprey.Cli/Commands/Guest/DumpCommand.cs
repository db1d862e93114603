using System.CommandLine;
using System.Globalization;
using Osprey.Cli.CommandLine;
using Osprey.Cli.Rendering.Streams;
using Osprey.Session.Answers.Guests.Memory;
using Osprey.Session.Guests;
using Osprey.Target.Backends.CoreFile;

namespace Osprey.Cli.Commands.Guest;

/// <summary><c>osprey dump</c>: a core file of a guest, written by us.</summary>
internal static class DumpCommand
{
    public static Command Create()
    {
        var command = new DocumentedCommand(
            "dump",
            "Write the guest's memory and registers to an ELF core that Osprey, gdb, crash and drgn open",
            "osprey dump vm.core                    # of one moment: the guest is paused while its memory is copied",
            "osprey dump vm.core --no-pause         # the guest runs on; the core is then of many moments",
            "osprey dump vm.core --paging           # gdb reads it by virtual address then",
            "osprey bt --cpus --target core:vm.core # finds the kernel's file again: the core names it"
        );
        var options = new GuestOptions(command);
        var path = new Argument<string>("file") { Description = "The core file to write" };
        var noPause = new Option<bool>("--no-pause") { Description = "Let a live guest run on while it is copied" };
        var force = new Option<bool>("--force") { Description = "Write over a file that is there" };
        var paging = new Option<bool>("--paging")
        {
            Description = "Name memory by virtual address, too, as the vCPU's page tables map it",
        };
        command.Arguments.Add(path);
        command.Options.Add(noPause);
        command.Options.Add(force);
        command.Options.Add(paging);
        command.SetAction(result =>
        {
            string file = result.GetValue(path)!;
            if (
                options.ReadSettings(result).Target is { Kind: TargetSpecKind.CoreFile, Value: { } core }
                && Path.GetFullPath(core) == Path.GetFullPath(file)
            )
                throw new CommandFailedException($"{file} is the core that is read; name another file to write");

            if (File.Exists(file) && !result.GetValue(force))
                throw new CommandFailedException($"{file} exists already; write over it with --force");

            return GuestInvocation.Run(
                result,
                options,
                invocation => Write(invocation, file, !result.GetValue(noPause), result.GetValue(paging))
            );
        });
        return command;
    }

    private static int Write(GuestInvocation invocation, string path, bool pauses, bool hasVirtualSegments)
    {
        DumpAnswer answer;
        using (ProgressBar? progress = ProgressBar.ForTransfer((long)invocation.Session.Target.RamSize))
            answer = DumpAnswer.Write(
                invocation.Session,
                path,
                pauses,
                hasVirtualSegments,
                invocation.Context with
                {
                    Progress = progress,
                }
            );

        invocation.Show(DumpAnswer.Shape, answer, (_, _) => { });
        invocation.Output.Flush();
        CoreWriteResult written = answer.Written;
        string cpus = written.Cpus == 1 ? "1 vCPU" : $"{written.Cpus} vCPUs";
        Messages.Note(
            string.Create(
                CultureInfo.InvariantCulture,
                $"osprey: {path}: {written.MemoryBytes} bytes of memory, {written.ZeroBytes} of them zeros "
            ) + $"that take no room; registers of {cpus}"
        );
        if (written.CpuProblem is not null)
            Messages.Write($"osprey: registers are missing: {written.CpuProblem}");

        if (written.UnreadableBytes > 0)
            Messages.Write(
                $"osprey: {written.UnreadableBytes} bytes could not be read; they are unreadable in the core too"
            );

        if (written.HeadersAreLast)
            Messages.Write(
                "osprey: memory came in too many pieces: the program headers lie behind it, and crash and drgn "
                    + "will not open this core"
            );

        return written.UnreadableBytes == 0 && written.CpuProblem is null ? ExitCode.Success : ExitCode.Failure;
    }
}
