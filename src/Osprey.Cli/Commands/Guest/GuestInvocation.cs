using System.CommandLine;
using Osprey.Binary;
using Osprey.Cli.Rendering.Answers;
using Osprey.Cli.Rendering.Streams;
using Osprey.Cli.Rendering.Text;
using Osprey.Session.Answers;
using Osprey.Session.Guests;
using Osprey.Target;

namespace Osprey.Cli.Commands.Guest;

/// <summary>One run of a command over one guest: the open guest and where the answer goes.</summary>
internal sealed class GuestInvocation : IDisposable
{
    private GuestInvocation(GuestSession session, bool isJson, bool paged, CancellationToken cancellation)
    {
        Session = session;
        IsJson = isJson;
        Context = new QuestionContext(Cancellation: cancellation);
        Output = new Output(paged);
    }

    public GuestSession Session { get; }

    public bool IsJson { get; }

    public Output Output { get; }

    /// <summary>The user's wish to end early, for questions that take long.</summary>
    public QuestionContext Context { get; }

    /// <summary>Cancelled by Ctrl-C.</summary>
    public CancellationToken Cancellation => Context.Cancellation;

    /// <summary>Gets or sets whether the answer would say more if the guest's programs were known.</summary>
    public bool MissesSymbols { get; set; }

    /// <summary>Runs a command's body over the guest that its options name.</summary>
    /// <param name="result">The command line.</param>
    /// <param name="options">The command's options.</param>
    /// <param name="body">Asks and writes the answer; gives the exit code.</param>
    /// <param name="paged">Whether the output may be long.</param>
    public static int Run(ParseResult result, GuestOptions options, Func<GuestInvocation, int> body, bool paged = false)
    {
        using var interruption = new Interruption();
        using GuestSession session = Open(result, options, interruption.Token);
        using var release = new GuestRelease(session.Target);
        using var invocation = new GuestInvocation(session, options.IsJson(result), paged, interruption.Token);
        string origin = options.GetInheritedTarget(result) is null ? "" : $" (named by {GuestOptions.TargetVariable})";
        Messages.Note($"osprey: reading {TerminalText.Escape(session.Description)}{origin}");
        int code;
        try
        {
            code = body(invocation);
            invocation.Output.Flush();
            session.RequireAlive();
        }
        catch (Exception exception) when (exception is not (BrokenPipeException or OperationCanceledException))
        {
            // Why something was not found may stand in a note.
            WriteNotes(session, isMissing: true);
            // An address or a name that means nothing in this guest, as in an expression that is printed.
            if (exception is FormatException)
                throw new CommandFailedException(exception.Message);

            throw;
        }

        WriteNotes(session, isMissing: code != ExitCode.Success || invocation.MissesSymbols);
        if (session.Target.PausedFor > TimeSpan.Zero)
            Messages.Note(
                string.Create(
                    System.Globalization.CultureInfo.InvariantCulture,
                    $"osprey: the guest was paused for {session.Target.PausedFor.TotalMilliseconds:F1} ms"
                )
            );

        return code;
    }

    private static GuestSession Open(ParseResult result, GuestOptions options, CancellationToken cancellation)
    {
        GuestSettings settings = options.ReadSettings(result);
        try
        {
            return GuestSession.Open(settings, cancellation);
        }
        catch (Exception exception) when (exception is TargetException or IOException or BadDataException)
        {
            if (options.GetInheritedTarget(result) is { } name)
                Messages.Write(
                    $"osprey: note: {GuestOptions.TargetVariable} names the guest: {TerminalText.Escape(name)}"
                );

            throw;
        }
    }

    private static void WriteNotes(GuestSession session, bool isMissing)
    {
        foreach (string note in session.Notes)
        {
            string advice =
                session.Target.Shortcoming is { } shortcoming
                && shortcoming.Message == note
                && TargetAdvice.Find(shortcoming) is { } found
                    ? "; " + found
                    : "";
            Messages.Write("osprey: note: " + TerminalText.Escape(note + advice));
        }

        if (isMissing && session.HasNoPrograms)
            Messages.Write(
                "osprey: note: no program of the guest is known, so there are no symbols: name its kernel with --exe"
            );
    }

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

    public void Dispose() => Output.Dispose();
}
