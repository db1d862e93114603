using System.CommandLine;
using Osprey.Cli.CommandLine;
using Osprey.Cli.Rendering.Streams;
using Osprey.Cli.Rendering.Text;
using Osprey.Session.Guests;
using Osprey.Target.Memory;

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
            "osprey read sched::cpus 24 -u 8            # three 8-byte units at a symbol",
            "osprey read 0xfffffff0 16 --phys           # the reset vector, at a physical address",
            "osprey read --phys 0 0x100000 --raw > low  # the first MiB as it is"
        );
        var options = new GuestOptions(command);
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
        var isRaw = new Option<bool>("--raw", "-r")
        {
            Description = "Write the bytes themselves; ends at the first that can't be read",
        };
        var unit = new Option<int>("--unit", "-u")
        {
            Description = "Bytes in a unit: 1, 2, 4 or 8, shown as little-endian numbers",
            HelpName = "SIZE",
            DefaultValueFactory = _ => 1,
        };
        command.Arguments.Add(address);
        command.Arguments.Add(count);
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
                    ulong start = invocation.Session.Selected.ResolveAddress(result.GetValue(address)!, physical);
                    IMemoryReader memory = physical
                        ? invocation.Session.PhysicalReader
                        : invocation.Session.Selected.Memory;
                    return result.GetValue(isRaw) ? WriteRaw(invocation, memory, start, size, physical)
                        : invocation.IsJson ? WriteJson(invocation, memory, start, size, physical)
                        : WriteText(invocation, memory, start, size, physical, unitSize);
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

    private static int WriteText(
        GuestInvocation invocation,
        IMemoryReader memory,
        ulong start,
        ulong size,
        bool isPhysical,
        int unitSize
    )
    {
        var dump = new HexDump(invocation.Output.Text, unitSize, invocation.Output.FlushIfLarge);
        ulong unreadable = size;
        MemoryChunks.Read(
            memory,
            start,
            size,
            (at, length, bytes) =>
            {
                unreadable -= (ulong)bytes.Length;
                dump.Add(at, length, bytes);
                return !invocation.Cancellation.IsCancellationRequested;
            }
        );
        if (unreadable < size)
            dump.End();
        else
            invocation.Output.Text.Clear();

        return Report(invocation, start, size, unreadable, isPhysical);
    }

    private static int WriteRaw(
        GuestInvocation invocation,
        IMemoryReader memory,
        ulong start,
        ulong size,
        bool isPhysical
    )
    {
        ulong missing = size;
        Stream stream = invocation.Output.Stream;
        MemoryChunks.Read(
            memory,
            start,
            size,
            (at, length, bytes) =>
            {
                if (bytes.IsEmpty || invocation.Cancellation.IsCancellationRequested)
                    return false;

                stream.Write(bytes);
                missing -= length;
                return true;
            }
        );
        stream.Flush();
        invocation.Cancellation.ThrowIfCancellationRequested();
        if (missing == 0)
            return ExitCode.Success;

        ulong next = unchecked(start + (size - missing));
        string reason =
            next < start
                ? "the address space ends there"
                : TargetAdvice.ExplainUnreadable(invocation.Session, next, isPhysical);
        Messages.Write($"osprey: {reason}; {size - missing} of {size} bytes written");
        return ExitCode.Failure;
    }

    private static int WriteJson(
        GuestInvocation invocation,
        IMemoryReader memory,
        ulong start,
        ulong size,
        bool isPhysical
    )
    {
        ulong unreadable = size;
        invocation.WriteJson(writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("access"u8, invocation.Session.AccessWord);
            writer.WriteString("address"u8, $"0x{start:x}");
            writer.WriteBoolean("physical"u8, isPhysical);
            writer.WriteNumber("size"u8, size);
            writer.WriteStartArray("pieces"u8);
            MemoryChunks.Read(
                memory,
                start,
                size,
                (at, length, bytes) =>
                {
                    unreadable -= (ulong)bytes.Length;
                    writer.WriteStartObject();
                    writer.WriteString("address"u8, $"0x{at:x}");
                    writer.WriteNumber("size"u8, length);
                    if (bytes.IsEmpty)
                        writer.WriteNull("hex"u8);
                    else
                        writer.WriteString("hex"u8, Convert.ToHexStringLower(bytes));

                    writer.WriteEndObject();
                    return !invocation.Cancellation.IsCancellationRequested;
                }
            );
            writer.WriteEndArray();
            writer.WriteEndObject();
        });
        return Report(invocation, start, size, unreadable, isPhysical);
    }

    private static int Report(GuestInvocation invocation, ulong start, ulong size, ulong unreadable, bool isPhysical)
    {
        invocation.Cancellation.ThrowIfCancellationRequested();
        if (unreadable == 0)
            return ExitCode.Success;

        invocation.Output.Flush();
        Messages.Write(
            unreadable < size
                ? $"osprey: {unreadable} of {size} bytes can't be read"
                : $"osprey: {TargetAdvice.ExplainUnreadable(invocation.Session, start, isPhysical)}"
        );
        return ExitCode.Failure;
    }
}
