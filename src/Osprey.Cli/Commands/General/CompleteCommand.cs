using System.CommandLine;
using Osprey.Binary;
using Osprey.Cli.CommandLine.Completion;
using Osprey.Cli.Rendering.Streams;
using Osprey.Session.Guests;
using Osprey.Session.Traces;

namespace Osprey.Cli.Commands.General;

/// <summary><c>osprey complete</c>, hidden: what the last word of a command line may become.</summary>
internal static class CompleteCommand
{
    public const string Name = "complete";

    private const string DefaultTrace = "tracefile";

    public static Command Create()
    {
        var command = new Command(Name, "Print what the last word of a command line may become, for shells")
        {
            Hidden = true,
        };
        var words = new Argument<string[]>("word") { Arity = ArgumentArity.ZeroOrMore };
        command.Arguments.Add(words);
        command.SetAction(result =>
        {
            var root = result.RootCommandResult.Command;
            var request = new CompletionRequest(root, result.GetValue(words) ?? []);
            using var output = new Output(paged: false);
            foreach (CompletionItem item in Find(root, request))
                output.Text.Append(
                    item.Description.Length == 0 ? item.Text + "\n" : $"{item.Text}\t{item.Description}\n"
                );

            output.Flush();
            return ExitCode.Success;
        });
        return command;
    }

    private static IEnumerable<CompletionItem> Find(Command root, CompletionRequest request) =>
        request.Wanted switch
        {
            CompletionKind.Guests => ListGuests().Append(CompletionItem.Files),
            CompletionKind.Tracepoints => ListTracepoints(request.FileArgument ?? DefaultTrace),
            CompletionKind.Commands => CompletionRequest.ListCommands(request.FindCommandArgument(root)),
            _ => request.ListWords(),
        };

    private static IEnumerable<CompletionItem> ListGuests()
    {
        foreach (GuestListing guest in GuestFinder.List())
        {
            string id = $"{guest.Process.ProcessId}";
            yield return new CompletionItem(id, guest.Process.CommandLine.GuestName ?? "");
            if (guest.Process.CommandLine.GuestName is { Length: > 0 } name)
                yield return new CompletionItem(name, "pid " + id);
        }

        yield return new CompletionItem("gdb:", "a gdb stub");
        yield return new CompletionItem("core:", "a core file");
    }

    /// <summary>The tracepoints of a trace; none where it can't be read, for a shell shows no messages.</summary>
    private static List<CompletionItem> ListTracepoints(string path)
    {
        try
        {
            using TraceSession trace = TraceSession.Open(path);
            return [.. trace.Reader.Tracepoints.All.Select(tracepoint => new CompletionItem(tracepoint.Name, ""))];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or BadDataException)
        {
            return [];
        }
    }
}
