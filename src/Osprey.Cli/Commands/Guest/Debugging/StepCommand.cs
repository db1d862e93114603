using System.CommandLine;
using System.Globalization;
using Osprey.Cli.CommandLine;
using Osprey.Cli.Rendering.Text;
using Osprey.Debug;
using Osprey.Session.Answers.Guests;
using Osprey.Target;
using Osprey.Target.Architectures.X64;
using Osprey.Target.Execution;

namespace Osprey.Cli.Commands.Guest.Debugging;

/// <summary><c>osprey step</c>: has one thread or vCPU execute instructions, one by one.</summary>
internal static class StepCommand
{
    private const int MostSteps = 100_000;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    public static Command Create()
    {
        var command = new DocumentedCommand(
            "step",
            "Walk one thread of the guest through instructions one by one, and show each",
            "osprey pause; osprey step -n 5",
            "osprey step --thread 46 -n 20      # a thread that sleeps is stepped where it goes on"
        );
        var count = new Option<int>("--count", "-n")
        {
            Description = "How many instructions",
            HelpName = "N",
            DefaultValueFactory = _ => 1,
        };
        command.Options.Add(count);
        var options = new GuestOptions(command, hasForms: false);
        command.SetAction(result =>
            result.GetValue(count) is < 1 or > MostSteps
                ? throw new UsageException($"--count must be 1 to {MostSteps}")
                : SteeredRun.Run(
                    result,
                    options,
                    writes: false,
                    run =>
                    {
                        DebugThread thread = Choose(run, options, result);
                        Show(run, thread);
                        for (int i = 0; i < result.GetValue(count) && !run.Cancellation.IsCancellationRequested; i++)
                        {
                            DebugStop? stop = run.Session.Step(thread);
                            stop ??= run.Session.WaitForStop(s_patience, run.Cancellation);
                            if (stop is null)
                                throw new CommandFailedException(
                                    $"{SteeredRun.Describe(thread)} did not run again within "
                                        + $"{s_patience.TotalSeconds:0} s"
                                );

                            if (stop.Reason != StopReason.Step)
                                SteeredRun.RequireExpected(stop);

                            thread = stop.Thread;
                            Show(run, thread);
                        }

                        return ExitCode.Success;
                    }
                )
        );
        return command;
    }

    private static DebugThread Choose(SteeredRun run, GuestOptions options, ParseResult result)
    {
        if (options.GetThread(result) is { } text)
        {
            ulong address = run.Guest.FindThread(text).Address;
            return run.Session.Threads.First(one => one.State?.Address == address);
        }

        int cpu = options.GetCpu(result) ?? 0;
        return run.Session.Threads.FirstOrDefault(one => one.Cpu == cpu)
            ?? throw TargetException.NoSuchCpu(run.Guest.Target.Name, run.Guest.Target.CpuCount, cpu);
    }

    private static void Show(SteeredRun run, DebugThread thread)
    {
        if (thread.ReadRegisters() is not { CodeAddress: ulong pc } registers)
            return;

        string name = run.Guest.NameAddress(pc) is { } symbol ? $" <{symbol}>" : "";
        string instruction = InstructionsAnswer
            .Ask(run.Guest, pc, 1, isPhysical: false, X64CodeMode.FromRegisters(registers).Bits)
            .Rows
            is [{ } row, ..]
            ? $": {row.Text}"
            : "";
        run.Output.Text.Append(
            TerminalText.Escape(string.Create(CultureInfo.InvariantCulture, $"0x{pc:x16}{name}{instruction}"))
                + $"    {SteeredRun.Describe(thread)}\n"
        );
        run.Output.Flush(); // each step takes the guest's time: a reader who is gone is to be noticed at once
    }
}
