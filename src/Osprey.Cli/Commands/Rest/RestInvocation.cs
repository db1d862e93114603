using System.CommandLine;
using Osprey.Cli.Rendering.Answers;
using Osprey.Cli.Rendering.Streams;
using Osprey.Rest.Connection;
using Osprey.Rest.Tracepoints;
using Osprey.Session.Answers;

namespace Osprey.Cli.Commands.Rest;

/// <summary>
/// One run of a command on one running guest: the client, where the answer goes, and the wish to end early.
/// </summary>
internal sealed class RestInvocation : IDisposable
{
    private readonly Interruption _interruption = new();

    private RestInvocation(GuestRestOptions options, bool isJson, bool paged)
    {
        Client = new GuestRestClient(options);
        Control = new TraceControl(Client);
        IsJson = isJson;
        Output = new Output(paged);
    }

    public GuestRestClient Client { get; }

    public TraceControl Control { get; }

    public bool IsJson { get; }

    public Output Output { get; }

    /// <summary>Cancelled by Ctrl-C.</summary>
    public CancellationToken Cancellation => _interruption.Token;

    /// <summary>Writes an answer in the form that was asked for.</summary>
    /// <param name="shape">Its columns.</param>
    /// <param name="answer">The answer.</param>
    /// <param name="writeText">Writes it as text.</param>
    public void Show<TAnswer>(Shape<TAnswer> shape, TAnswer answer, Action<TAnswer, Output> writeText)
    {
        if (IsJson)
            JsonAnswers.Write(Output, shape, answer);
        else
            writeText(answer, Output);
    }

    /// <summary>Makes a command run its body on the guest that its options name.</summary>
    /// <param name="command">Gets the action.</param>
    /// <param name="readOptions">Reads the options; <see cref="UsageException"/> where they make no sense.</param>
    /// <param name="isJson">Whether JSON is asked for.</param>
    /// <param name="body">Asks the guest and writes the answer; returns the exit code.</param>
    /// <param name="isPaged">Whether the output may be long.</param>
    /// <param name="instead">
    /// Runs the command without the server and returns the exit code, where the options ask for that; null otherwise.
    /// </param>
    public static void SetAction(
        Command command,
        Func<ParseResult, GuestRestOptions> readOptions,
        Func<ParseResult, bool> isJson,
        Func<RestInvocation, ParseResult, Task<int>> body,
        Func<ParseResult, bool>? isPaged = null,
        Func<ParseResult, int?>? instead = null
    ) =>
        command.SetAction(
            async (result, _) =>
            {
                if (instead?.Invoke(result) is { } done)
                    return done;

                using var invocation = new RestInvocation(
                    readOptions(result),
                    isJson(result),
                    isPaged?.Invoke(result) ?? false
                );
                int code = await body(invocation, result);
                invocation.Output.Flush();
                return code;
            }
        );

    public void Dispose()
    {
        Output.Dispose();
        Client.Dispose();
        _interruption.Dispose();
    }
}
