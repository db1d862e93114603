using System.CommandLine;
using Osprey.Binary;
using Osprey.Cli.Commands.Guest.Shell;
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
        AttachedGuest? attached = options.FindAttached(result);
        using GuestSession? opened = attached is null ? Open(result, options, interruption.Token) : null;
        using GuestRelease? release = opened is null ? null : new GuestRelease(opened.Target);
        GuestSession session = opened ?? attached!.Prepare(options.ReadSettings(result), options.Selects(result));
        options.RequireTaken(session.Target);
        using var invocation = new GuestInvocation(session, options.IsJson(result), paged, interruption.Token);
        if (opened is not null)
            Introduce(session, options.GetInheritedTarget(result) is not null);

        // A guest that a debugger holds stands still before and after a command of its console.
        bool isHeld = attached is not null && session.Target.Access != TargetAccess.Live;
        TimeSpan pausedBefore = session.Target.PausedFor;
        Func<IEnumerable<string>> notes = attached is null ? () => session.Notes : attached.TakeNotes;
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
            WriteNotes(session, notes(), isMissing: true);
            // An address or a name that means nothing in this guest, as in an expression that is printed.
            if (exception is FormatException)
                throw new CommandFailedException(exception.Message);

            throw;
        }

        WriteNotes(session, notes(), isMissing: code != ExitCode.Success || invocation.MissesSymbols);
        if (!isHeld && session.Target.PausedFor - pausedBefore is var paused && paused > TimeSpan.Zero)
            Messages.Note(
                string.Create(
                    System.Globalization.CultureInfo.InvariantCulture,
                    $"osprey: the guest was paused for {paused.TotalMilliseconds:F1} ms"
                )
            );

        return code;
    }

    /// <summary>
    /// The same for a question about something that a kernel may have been built without: then it says so, and that is
    /// an answer.
    /// </summary>
    public static int RunIfConfigured(
        ParseResult result,
        GuestOptions options,
        Func<GuestInvocation, int> body,
        bool paged = false
    ) =>
        Run(
            result,
            options,
            invocation =>
            {
                try
                {
                    return body(invocation);
                }
                catch (TargetException exception) when (exception.Problem == TargetProblem.NotConfigured)
                {
                    invocation.Output.Flush();
                    Messages.Write($"osprey: {TerminalText.Escape(exception.Message)}");
                    return ExitCode.Success;
                }
            },
            paged
        );

    /// <summary>Names the guest that was reached.</summary>
    /// <param name="session">The guest.</param>
    /// <param name="isInherited">Whether the environment named it, not the command line.</param>
    public static void Introduce(GuestSession session, bool isInherited)
    {
        string origin = isInherited ? $" (named by {GuestOptions.TargetVariable})" : "";
        Messages.Note($"osprey: reading {TerminalText.Escape(session.Description)}{origin}");
    }

    /// <summary>Reaches the guest that a command line names.</summary>
    public static GuestSession Open(ParseResult result, GuestOptions options, CancellationToken cancellation)
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

    private static void WriteNotes(GuestSession session, IEnumerable<string> notes, bool isMissing)
    {
        foreach (string note in notes)
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

    /// <summary>
    /// Shows an answer, or says that the guest's kernel was built without what it is about, which is no failure.
    /// </summary>
    public static int ShowIfConfigured(Action show)
    {
        try
        {
            show();
        }
        catch (TargetException exception) when (exception.Problem == TargetProblem.NotConfigured)
        {
            Messages.Write($"osprey: {TerminalText.Escape(exception.Message)}");
        }

        return ExitCode.Success;
    }

    public void Dispose() => Output.Dispose();
}
