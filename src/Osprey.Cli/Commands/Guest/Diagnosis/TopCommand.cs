using System.CommandLine;
using System.Globalization;
using Osprey.Cli.CommandLine;
using Osprey.Cli.Rendering.Answers;
using Osprey.Cli.Rendering.Screens;
using Osprey.Cli.Rendering.Text;
using Osprey.Session.Answers.Guests.Load;

namespace Osprey.Cli.Commands.Guest.Diagnosis;

/// <summary><c>osprey top</c>: the threads that run most.</summary>
internal static class TopCommand
{
    private const int PlainRows = 20;

    public static Command Create()
    {
        var command = new DocumentedCommand(
            "top",
            "Show the guest's busiest threads and the load of its CPUs, again and again",
            "osprey top                              # until Ctrl-C; the first look is since boot",
            "osprey top --count 3 --interval 0.5 --json   # a line of JSON for each look"
        );
        var repetition = new RepetitionOptions(command);
        var limit = new Option<int?>("--limit", "-n")
        {
            Description = "Most threads; those that fit on the terminal when left out",
            HelpName = "N",
        };
        command.Options.Add(limit);
        var options = new GuestOptions(command);
        command.SetAction(result =>
        {
            if (result.GetValue(limit) is < 1)
                throw new UsageException("--limit must be positive");

            Repetition times = repetition.Read(result);
            return GuestInvocation.Run(
                result,
                options,
                invocation =>
                {
                    var meter = new LoadMeter();
                    var screen = new Screen(invocation.Output);
                    times.Run(
                        number =>
                        {
                            if (number > 1)
                                invocation.Session.Refresh();

                            LoadAnswer answer = meter.Next(invocation.Session.ListThreads(invocation.Cancellation));
                            if (invocation.IsJson)
                                JsonAnswers.Write(invocation.Output, LoadAnswer.Shape, answer);
                            else
                                screen.Show(Describe(answer, result.GetValue(limit) ?? screen.Rows ?? PlainRows));

                            invocation.Output.Flush();
                        },
                        invocation.Cancellation
                    );
                    return ExitCode.Success;
                }
            );
        });
        return command;
    }

    private static List<string> Describe(LoadAnswer answer, int rows)
    {
        var lines = new List<string>();
        string period = answer.IsSinceBoot ? "since boot" : $"in the last {Seconds(answer.Period)}";
        lines.Add($"{answer.Threads.Count} threads, up for {Seconds(answer.Time)}; {period}:");
        foreach (CpuLoad cpu in answer.Cpus)
        {
            string running = cpu.Running is { } id ? $", runs {id} ({cpu.RunningName})" : "";
            lines.Add($"CPU {cpu.Cpu}: {Percent(cpu.Busy)} busy, {cpu.Ready} ready{running}");
        }

        lines.Add("");
        lines.Add($"{"ID", 6}  {"NAME", -16} {"CPU", 3}  {"STATE", -10} {"SHARE", 7}  {"CPU TIME", 12}");
        foreach (ThreadLoad load in answer.Threads.Take(Math.Max(1, rows - lines.Count)))
            lines.Add(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{load.Thread.Id, 6}  {load.Thread.Name, -16} {load.Thread.Cpu, 3}  {load.Thread.State, -10} "
                        + $"{Percent(load.Share), 7}  {Seconds(load.Thread.CpuTime), 12}"
                )
            );

        return [.. lines.Select(TerminalText.Escape)];
    }

    private static string Percent(double? share) =>
        share is { } value ? string.Create(CultureInfo.InvariantCulture, $"{value:0.0} %") : "?";

    private static string Seconds(long? time) =>
        time is { } value ? string.Create(CultureInfo.InvariantCulture, $"{value / 1e9:0.000} s") : "?";
}
