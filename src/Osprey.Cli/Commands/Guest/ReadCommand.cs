using System.CommandLine;
using Osprey.Cli.CommandLine;
using Osprey.Cli.Rendering.Streams;
using Osprey.Cli.Rendering.Text;
using Osprey.Session.Answers.Guests.Memory;
using Osprey.Session.Guests;

namespace Osprey.Cli.Commands.Guest;

/// <summary><c>osprey read</c>: bytes of a guest's memory.</summary>
internal static class ReadCommand
{
    private const ulong DefaultCount = 256;

    public static Command Create()
    {
        var command = new DocumentedCommand(
            "read",
            "Show a guest's memory as bytes, units or raw data; works on any guest, firmware included",
            "osprey read 0x400000000000 64              # 64 bytes at a virtual address",
            "osprey read sched::cpus 24 --unit 8        # three 8-byte units at a symbol",
            "osprey read 0xfffffff0 16 --phys           # the reset vector, at a physical address",
            "osprey read --pid 1 0x7ffd8a451f00           # the memory of a process of the guest, which need not run",
            "osprey read --phys 0 0x100000 --raw > low  # the first MiB as it is"
        );
        Option<string> process = GuestOptions.CreateProcessOption();
        var options = new GuestOptions(command) { Process = process, TakesPrograms = true };
        var address = new Argument<string>("address")
        {
            Description = "Where: a number, a symbol, symbol+offset or an expression",
        };
        var count = new Argument<string>("count")
        {
            Description = $"How many bytes, decimal or 0x...; {DefaultCount} when left out",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var isPhysical = new Option<bool>("--phys", "-p") { Description = "The address is physical" };
        var isRaw = new Option<bool>("--raw")
        {
            Description = "Write the bytes themselves; ends at the first that can't be read",
        };
        var unit = new Option<int>("--unit")
        {
            Description = "Bytes in a unit: 1, 2, 4 or 8, shown as little-endian numbers",
            HelpName = "SIZE",
            DefaultValueFactory = _ => 1,
        };
        command.Arguments.Add(address);
        command.Arguments.Add(count);
        command.Options.Add(process);
        command.Options.Add(isPhysical);
        command.Options.Add(isRaw);
        command.Options.Add(unit);
        command.SetAction(result =>
        {
            ulong size = ParseCount(result.GetValue(count));
            int unitSize = result.GetValue(unit);
            if (unitSize is not (1 or 2 or 4 or 8))
                throw new UsageException($"--unit {unitSize}: expected 1, 2, 4 or 8");

            return GuestInvocation.Run(
                result,
                options,
                invocation =>
                {
                    bool physical = result.GetValue(isPhysical);
                    if (physical && result.GetValue(process) is not null)
                        throw new UsageException("choose one of --pid and --phys");

                    ulong start = invocation.Session.Selected.ResolveAddress(result.GetValue(address)!, physical);
                    var answer = new MemoryAnswer(invocation.Session, start, size, physical, invocation.Context);
                    if (result.GetValue(isRaw))
                        return WriteRaw(invocation, answer);

                    invocation.Show(MemoryAnswer.Shape, answer, (_, output) => WriteText(answer, output, unitSize));
                    return Report(invocation, answer);
                }
            );
        });
        return command;
    }

    private static ulong ParseCount(string? text)
    {
        if (text is null)
            return DefaultCount;

        return NumberText.TryParse(text, out ulong count) && count > 0
            ? count
            : throw new UsageException($"'{text}' is not a number of bytes");
    }

    private static void WriteText(MemoryAnswer answer, Output output, int unitSize)
    {
        var dump = new HexDump(output.Text, unitSize, output.FlushIfLarge);
        answer.Read(piece =>
        {
            dump.Add(piece.Address, piece.Size, piece.Bytes);
            return true;
        });
        if (answer.MissingBytes < answer.Size)
            dump.End();
        else
            output.Text.Clear();
    }

    private static int WriteRaw(GuestInvocation invocation, MemoryAnswer answer)
    {
        Stream stream = invocation.Output.Stream;
        ulong missing = answer.Size;
        answer.Read(piece =>
        {
            if (piece.Bytes.IsEmpty || invocation.Cancellation.IsCancellationRequested)
                return false;

            stream.Write(piece.Bytes);
            missing -= piece.Size;
            return true;
        });
        stream.Flush();
        invocation.Cancellation.ThrowIfCancellationRequested();
        if (missing == 0)
            return ExitCode.Success;

        ulong next = unchecked(answer.Address + (answer.Size - missing));
        string reason =
            next < answer.Address
                ? "the address space ends there"
                : TargetAdvice.ExplainUnreadable(invocation.Session, next, answer.IsPhysical);
        Messages.Write($"osprey: {reason}; {answer.Size - missing} of {answer.Size} bytes written");
        return ExitCode.Failure;
    }

    private static int Report(GuestInvocation invocation, MemoryAnswer answer)
    {
        invocation.Cancellation.ThrowIfCancellationRequested();
        if (answer.MissingBytes == 0)
            return ExitCode.Success;

        invocation.Output.Flush();
        Messages.Write(
            answer.MissingBytes < answer.Size
                ? $"osprey: {answer.MissingBytes} of {answer.Size} bytes can't be read"
                : $"osprey: {TargetAdvice.ExplainUnreadable(invocation.Session, answer.Address, answer.IsPhysical)}"
        );
        return ExitCode.Failure;
    }
}
