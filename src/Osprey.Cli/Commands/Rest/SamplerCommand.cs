using System.CommandLine;
using System.Globalization;
using Osprey.Cli.CommandLine;
using Osprey.Cli.Commands.Rest.Answers;
using Osprey.Rest.Tracepoints;

namespace Osprey.Cli.Commands.Rest;

/// <summary><c>osprey trace sampler</c>: a running guest's sampling profiler.</summary>
internal static class SamplerCommand
{
    public static Command Create()
    {
        var command = new DocumentedCommand(
            "sampler",
            "Start or stop a running guest's sampler, which records on each tick where every CPU is",
            "osprey trace sampler 1000                             # then: osprey trace download, osprey trace "
                + "prof -t sampler_tick",
            "osprey trace sampler off"
        );
        var frequency = new Argument<string>("frequency")
        {
            Description = $"Samples a second on each CPU, 1 to {TraceControl.MaxSamplerFrequency}; off to stop",
            HelpName = "HZ|off",
        };
        var json = new Option<bool>("--json") { Description = "Print JSON instead of text" };
        command.Arguments.Add(frequency);
        var guest = new RestOptions(command);
        command.Options.Add(json);
        RestInvocation.SetAction(
            command,
            result => guest.Read(result),
            result => result.GetValue(json),
            async (invocation, result) =>
            {
                int wanted = Parse(result.GetRequiredValue(frequency));
                SamplerChange change =
                    wanted == 0
                        ? await invocation.Control.StopSamplerAsync(invocation.Cancellation)
                        : await invocation.Control.StartSamplerAsync(wanted, invocation.Cancellation);
                invocation.Show(
                    SamplerShape.Shape,
                    change,
                    (_, output) =>
                        output.Text.Append(
                            change.PeriodNanoseconds is long period
                                ? $"the sampler runs at {change.Frequency} Hz: a sample every {period} ns on each CPU\n"
                                : "the sampler is off\n"
                        )
                );
                return ExitCode.Success;
            }
        );
        return command;
    }

    private static int Parse(string text)
    {
        if (text is "off" or "0")
            return 0;

        return
            int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int frequency)
            && frequency <= TraceControl.MaxSamplerFrequency
            ? frequency
            : throw new UsageException(
                $"'{text}' is not a frequency from 1 to {TraceControl.MaxSamplerFrequency} Hz, nor 'off'"
            );
    }
}
