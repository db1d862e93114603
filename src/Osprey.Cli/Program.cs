using System.CommandLine;
using System.CommandLine.Invocation;
using Osprey.Binary;
using Osprey.Cli.CommandLine;
using Osprey.Cli.CommandLine.Help;
using Osprey.Cli.Commands;
using Osprey.Cli.Commands.General;
using Osprey.Cli.Commands.Guest;
using Osprey.Cli.Commands.Guest.Diagnosis;
using Osprey.Cli.Commands.Guest.Shell;
using Osprey.Cli.Commands.Rest;
using Osprey.Cli.Rendering.Streams;
using Osprey.Git;
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

    /// <summary>Words that begin with <c>@</c> are expressions of users, not files with further arguments.</summary>
    private static readonly ParserConfiguration s_parser = new() { ResponseFileTokenReplacer = null };

    internal static int Main(string[] args)
    {
        StandardStreams.Complete();
        StandardStreams.SurviveSizeLimit();
        bool wasQuiet = Messages.IsQuiet;
        try
        {
            return Run(args);
        }
        catch (BrokenPipeException)
        {
            return ExitCode.Success; // whoever read our output has seen enough
        }
        catch (Exception) when (Interruption.WasAsked)
        {
            return ExitCode.Interrupted; // whatever failed, failed because of that
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
        catch (OperationCanceledException)
        {
            return ExitCode.Interrupted;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return Complain(FileProblem.Describe(exception), ExitCode.Failure);
        }
        catch (Exception exception) when (exception is CommandFailedException or BadDataException or GitException)
        {
            return Complain(exception.Message, ExitCode.Failure);
        }
        finally
        {
            Messages.IsQuiet = wasQuiet;
        }
    }

    /// <summary>Parses a command line, which is refused if it is written wrongly; nothing is run.</summary>
    /// <returns>
    /// The command and its options; the action is a <see cref="ParseErrorAction"/> for the name of a group alone.
    /// </returns>
    /// <exception cref="UsageException">An option or argument is wrong or missing.</exception>
    /// <exception cref="CommandFailedException">There is no such command.</exception>
    internal static ParseResult Parse(string[] args)
    {
        args = WatchedCommand.Separate(CrashWords.Translate(OsvWords.Translate(args)));
        Command root = CommandTree.BuildCalled(args);
        args = CommandLineSpelling.Check(root, args);
        ParseResult parsed = root.Parse(args, s_parser);
        if (parsed.Action is ParseErrorAction)
        {
            if (parsed.CommandResult.Command.Subcommands.Count == 0)
                throw new UsageException(CommandLineErrors.Describe(parsed));
        }
        else if (parsed.CommandResult.Command.Name != CompleteCommand.Name)
        {
            CommandLineErrors.RefuseEmptyNames(parsed, isCompat: args.Contains("--compat"));
        }

        return parsed;
    }

    private static int Run(string[] args)
    {
        ParseResult parsed = Parse(args);
        Messages.IsQuiet |= GeneralOptions.IsQuiet(parsed);
        if (parsed.Action is not ParseErrorAction)
            return parsed.Invoke(s_invocation);

        Command group = parsed.CommandResult.Command;
        ShowHelp.ShowAsMessage(group, CommandPath.Of(parsed), parsed.RootCommandResult.Command);
        return ExitCode.Usage;
    }

    private static int Complain(string message, int code)
    {
        Messages.Write($"osprey: {message}");
        return code;
    }
}
