using System.CommandLine;
using System.CommandLine.Invocation;
using Osprey.Binary;
using Osprey.Cli.CommandLine;
using Osprey.Cli.Commands;
using Osprey.Cli.Commands.Guest;
using Osprey.Cli.Commands.Rest;
using Osprey.Cli.Rendering.Streams;
using Osprey.Rest.Connection;
using Osprey.Session.Guests.Sources;
using Osprey.Target;

namespace Osprey.Cli;

internal static class Program
{
    /// <summary>
    /// Exceptions come to us, and signals to the commands that have something to put in order
    /// (<see cref="Interruption"/>).
    /// </summary>
    private static readonly InvocationConfiguration s_invocation = new()
    {
        EnableDefaultExceptionHandler = false,
        ProcessTerminationTimeout = null,
    };

    internal static int Main(string[] args)
    {
        try
        {
            RootCommand root = CommandTree.Build(args);
            args = CommandLineSpelling.Check(root, args);
            ParseResult parsed = root.Parse(args);
            if (parsed.CommandResult.Command is { Subcommands.Count: > 0 } && parsed.Action is ParseErrorAction)
                return ShowHelp(root, args);

            if (parsed.Errors.Count > 0 && parsed.Action is ParseErrorAction)
                throw new UsageException(parsed.Errors[0].Message + HelpHint(parsed));

            return parsed.Invoke(s_invocation);
        }
        catch (FormatException exception)
        {
            return Complain(exception.Message, ExitCode.Usage);
        }
        catch (UsageException exception)
        {
            return Complain(exception.Message, ExitCode.Usage);
        }
        catch (GuestRestException exception)
        {
            int code = Complain(
                exception.Finding,
                exception.Problem == GuestRestProblem.BadRequest ? ExitCode.Usage : ExitCode.Failure
            );
            if (RestAdvice.Of(exception) is string advice)
                Messages.Write($"        {advice}");

            return code;
        }
        catch (TargetException exception)
        {
            int code = Complain(exception.Message, ExitCode.Failure);
            if (TargetAdvice.Find(exception) is string advice)
                Messages.Write($"        {advice}");

            return code;
        }
        catch (SourcesException exception)
        {
            return Complain(exception.Message + TargetAdvice.Find(exception), ExitCode.Failure);
        }
        catch (BrokenPipeException)
        {
            return ExitCode.Success; // whoever read our output has seen enough
        }
        catch (OperationCanceledException)
        {
            return ExitCode.Interrupted;
        }
        catch (Exception exception)
            when (exception is CommandFailedException or BadDataException or IOException or UnauthorizedAccessException)
        {
            return Complain(exception.Message, ExitCode.Failure);
        }
    }

    /// <summary>A command that only has commands below it was called by itself: shows those, as an error.</summary>
    private static int ShowHelp(RootCommand root, string[] args)
    {
        root.Parse([.. args, "--help"]).Invoke(new InvocationConfiguration { Output = Console.Error });
        return ExitCode.Usage;
    }

    private static int Complain(string message, int code)
    {
        Messages.Write($"osprey: {message}");
        return code;
    }

    private static string HelpHint(ParseResult parsed)
    {
        var names = new List<string>();
        for (
            System.CommandLine.Parsing.CommandResult? result = parsed.CommandResult;
            result is not null;
            result = result.Parent as System.CommandLine.Parsing.CommandResult
        )
            names.Insert(0, result.Command is RootCommand ? "osprey" : result.Command.Name);

        return $" (see '{string.Join(' ', names)} --help')";
    }
}
