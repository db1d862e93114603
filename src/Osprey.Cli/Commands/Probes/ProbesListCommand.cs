using System.CommandLine;
using Osprey.Cli.CommandLine;
using Osprey.Cli.Rendering.Answers;
using Osprey.Cli.Rendering.Streams;
using Osprey.Cli.Rendering.Text;
using Osprey.Probes;
using Osprey.Session.Answers.Probes;
using Osprey.Session.Probes;

namespace Osprey.Cli.Commands.Probes;

/// <summary><c>osprey probes list</c>: the static probes of a file or a process.</summary>
internal static class ProbesListCommand
{
    public static Command Create()
    {
        var command = new DocumentedCommand(
            "list",
            "List static probes (SDT) with their sites, semaphores and arguments: of an ELF file, of all files that a "
                + "process has loaded, or of all that runs on this host",
            "osprey probes list /usr/lib/x86_64-linux-gnu/libc.so.6",
            "osprey probes list 4711 'qemu:virtio_*'    # in a process, with the state of semaphores",
            "osprey probes list '*:*gc*'                # of all programs that run here",
            "osprey probes list libjvm.so --json | jq '.probes[].sites[].notedArguments'"
        );
        var place = new Argument<string?>("place")
        {
            Description = "An ELF file, or the id of a process; all that runs on this host when left out",
            HelpName = "PATH|PID",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var glob = new Argument<string?>("probe")
        {
            Description = "Only probes of this name or glob, PROVIDER:NAME or NAME",
            HelpName = "GLOB",
            Arity = ArgumentArity.ZeroOrOne,
        };
        command.Arguments.Add(place);
        command.Arguments.Add(glob);
        var names = new ProbeNameOptions(command);
        var answer = new AnswerOptions(command, isListing: true);
        command.SetAction(result =>
            Run(result.GetValue(place), result.GetValue(glob), names.Read(result), answer.Read(result))
        );
        return command;
    }

    private static int Run(string? place, string? glob, ProbeNameSettings settings, AnswerFormat format)
    {
        // A glob alone is about all that runs.
        if (place is not null && glob is null && place.AsSpan().ContainsAny('*', '?', ':') && !File.Exists(place))
            (place, glob) = (null, place);

        using var interruption = new Interruption();
        using var output = new Output(paged: false);
        var listing = new ProbeListing();
        try
        {
            long count = ListingWriter.Write(
                output,
                format,
                ListedProbeShape.Shape,
                listing.Ask(place, glob is null ? null : new ProbePattern(glob), settings, interruption.Token),
                () => listing.Defects,
                interruption.Token
            );
            output.Flush();
            foreach (string defect in listing.Defects)
                Messages.Write("osprey: probes may be missing: " + TerminalText.Escape(defect));

            if (count > 0)
                return listing.Defects.Count == 0 ? ExitCode.Success : ExitCode.Failure;

            string where = place is null ? "of what runs here" : $"in {place}";
            Messages.Write(
                glob is null
                    ? $"osprey: there are no static probes {where}"
                    : $"osprey: no static probe {where} is named {glob}"
            );
            return glob is null && listing.Defects.Count == 0 ? ExitCode.Success : ExitCode.Failure;
        }
        catch (ProbeException exception)
        {
            throw new CommandFailedException(exception.Message);
        }
    }
}
