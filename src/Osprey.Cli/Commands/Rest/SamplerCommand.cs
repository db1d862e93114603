using System.CommandLine;
using System.Globalization;
using Osprey.Cli.CommandLine;
using Osprey.Cli.Rendering.Streams;
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
            "osprey trace sampler 1000                             # then: osprey trace download, osprey trace prof -t sampler_tick",
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
                if (invocation.IsJson)
                    WriteJson(invocation.Output, change);
                else if (change.PeriodNanoseconds is long period)
                    invocation.Output.Text.Append(
                        $"the sampler runs at {change.Frequency} Hz: a sample every {period} ns on each CPU\n"
                    );
                else
                    invocation.Output.Text.Append("the sampler is off\n"u8);

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

    private static void WriteJson(Output output, SamplerChange change) =>
        JsonOutput.Write(
            output,
            writer =>
            {
                writer.WriteStartObject();
                writer.WriteNumber("frequency"u8, change.Frequency);
                if (change.PeriodNanoseconds is long period)
                    writer.WriteNumber("periodNanoseconds"u8, period);
                else
                    writer.WriteNull("periodNanoseconds"u8);

                writer.WriteString("reply"u8, change.Reply);
                writer.WriteEndObject();
            }
        );
}
