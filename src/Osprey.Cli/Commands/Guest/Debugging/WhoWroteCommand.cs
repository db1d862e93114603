using System.CommandLine;
using System.Globalization;
using Osprey.Cli.CommandLine;
using Osprey.Cli.Commands.Trace.Live;
using Osprey.Cli.Rendering.Text;
using Osprey.Debug;
using Osprey.Debug.Breakpoints;
using Osprey.Target;
using Osprey.Target.Execution;

namespace Osprey.Cli.Commands.Guest.Debugging;

/// <summary><c>osprey who-wrote</c>: finds the last write to memory of a guest that is replayed.</summary>
internal sealed class WhoWroteCommand
{
    private const int DefaultSize = 8;

    private readonly Argument<string> _place = new("place")
    {
        Description = "An expression for an object in memory, or an address with --size",
    };
    private readonly Option<int?> _size = new("--size")
    {
        Description = "How many bytes from an address on, 1 to 8 (default: 8)",
        HelpName = "BYTES",
    };
    private readonly Option<string> _timeout = new("--timeout")
    {
        Description = "Give up after this time, such as 10s",
        HelpName = "TIME",
    };
    private readonly GuestOptions _options;

    private WhoWroteCommand(Command command)
    {
        command.Arguments.Add(_place);
        command.AddOptions(_size, _timeout);
        _options = new GuestOptions(command, hasForms: false, hasContext: false);
        command.SetAction(Run);
    }

    public static Command Create()
    {
        var command = new DocumentedCommand(
            "who-wrote",
            "Find what wrote to memory last, in a guest that QEMU replays from a recording",
            "osprey who-wrote some_counter",
            "osprey who-wrote 0xffff888003c01000 --size 4"
        );
        _ = new WhoWroteCommand(command);
        return command;
    }

    private int Run(ParseResult result)
    {
        if (result.GetValue(_size) is < 1 or > DefaultSize)
            throw new UsageException($"--size must be 1 to {DefaultSize}");

        TimeSpan timeout = LiveOptions.ReadDuration(result, _timeout) ?? TimeSpan.FromDays(1);
        return SteeredRun.Run(result, _options, writes: false, run => Find(run, result, timeout));
    }

    private int Find(SteeredRun run, ParseResult result, TimeSpan timeout)
    {
        using var trip = new RecordingTrip(run);
        DebugSession session = run.Session;
        string text = result.GetValue(_place)!;
        bool isNumber = text.Length > 0 && char.IsAsciiDigit(text[0]);
        int? size = result.GetValue(_size) ?? (isNumber ? DefaultSize : null);
        DebugBreakpoint? watched = null;
        DebugStop? stop = null;
        try
        {
            watched = session.Add(new BreakpointSettings(new BreakpointLocation.Data(text, size)));
            if (watched.IsPending)
                throw new CommandFailedException($"'{TerminalText.Escape(text)}' is not known in the guest");

            string now = ReadBytes(run, watched);
            session.ResumeBack();
            stop = trip.Wait(timeout);
            if (stop is { Reason: StopReason.Watchpoint, Thread: { } thread })
            {
                // QEMU stops behind the instruction that wrote.
                session.StepBack(thread);
                stop = trip.Wait(timeout) is { } before ? stop with { Thread = before.Thread } : null;
            }

            if (stop?.Reason == StopReason.Watchpoint)
                Show(run, stop, watched, now, trip.Start);
        }
        finally
        {
            trip.WaitUntilStopped();
            if (watched is not null)
                session.Remove(watched);

            trip.Return();
        }

        if (run.Cancellation.IsCancellationRequested)
            return ExitCode.Interrupted;

        string place = string.Create(CultureInfo.InvariantCulture, $"0x{watched.Places[0].Address:x}");
        return stop?.Reason switch
        {
            StopReason.Watchpoint => ExitCode.Success,
            StopReason.RecordingBegins => throw new CommandFailedException(
                $"nothing wrote to {place} since the recording began, by this address"
            ),
            null => throw new CommandFailedException(
                $"no write to {place} was found within {timeout.TotalSeconds:0.###} s"
            ),
            _ => throw new TargetException(
                TargetProblem.NotAnswered,
                "something else stopped the guest on the way back"
            ),
        };
    }

    private static void Show(SteeredRun run, DebugStop stop, DebugBreakpoint watched, string now, ulong position)
    {
        ulong? pc = stop.Thread.ReadRegisters()?.CodeAddress;
        string name = (pc is ulong known ? run.Guest.NameAddress(known) : null) ?? "??";
        ulong before = position - run.Session.ReadPosition();
        run.Output.Text.Append(
            TerminalText.Escape(string.Create(CultureInfo.InvariantCulture, $"0x{pc:x16} {name}, "))
                + string.Create(
                    CultureInfo.InvariantCulture,
                    $"{SteeredRun.Describe(stop.Thread)}, {before} instructions before\n"
                )
                + string.Create(
                    CultureInfo.InvariantCulture,
                    $"0x{watched.Places[0].Address:x}: {ReadBytes(run, watched)} became {now}\n"
                )
        );
        if (stop.Thread.Cpu is int cpu)
            RunUntilCommand.WriteStack(run, cpu);

        run.Output.Flush();
    }

    private static string ReadBytes(SteeredRun run, DebugBreakpoint watched)
    {
        int size = watched.WatchedSize;
        byte[] bytes = new byte[size];
        int read = run.Session.Current.ReadMemory(watched.Places[0].Address, bytes);
        return read == size ? Convert.ToHexStringLower(bytes) : "unreadable bytes";
    }
}
