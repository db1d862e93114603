using System.CommandLine;
using Osprey.Cli.CommandLine;
using Osprey.Cli.Rendering.Answers;
using Osprey.Cli.Rendering.Streams;
using Osprey.Cli.Rendering.Text;
using Osprey.Session.Answers;
using Osprey.Session.Guests;
using Osprey.Target;

namespace Osprey.Cli.Commands.Guest;

/// <summary>A command that asks one question about a guest and lists the rows of the answer.</summary>
/// <remarks>
/// The options that choose the guest, <c>--json</c>, <c>--csv</c>, Ctrl-C, what is said of a list that the guest
/// changed meanwhile, and of a kernel that was built without the thing, come with it.
/// </remarks>
internal static class GuestListingCommand
{
    /// <summary>Completes a command.</summary>
    /// <param name="command">Gets the options and the action.</param>
    /// <param name="shape">The columns; asked for when the command runs.</param>
    /// <param name="ask">Asks the question; the rows may be made while they are enumerated.</param>
    /// <param name="whenEmpty">The message for an answer without rows.</param>
    public static Command Complete<TRow>(
        Command command,
        Func<Shape<TRow>> shape,
        Func<ListingQuestion, IEnumerable<TRow>> ask,
        string whenEmpty
    ) => Complete(command, _ => shape(), ask, whenEmpty);

    /// <summary>Completes a command whose columns its options choose.</summary>
    /// <param name="command">Gets the options and the action.</param>
    /// <param name="shape">The columns; asked for when the command runs.</param>
    /// <param name="ask">Asks the question; the rows may be made while they are enumerated.</param>
    /// <param name="whenEmpty">The message for an answer without rows.</param>
    public static Command Complete<TRow>(
        Command command,
        Func<ParseResult, Shape<TRow>> shape,
        Func<ListingQuestion, IEnumerable<TRow>> ask,
        string whenEmpty
    )
    {
        var options = new GuestOptions(command, isListing: true);
        command.SetAction(result => Run(result, options, shape, ask, whenEmpty));
        return command;
    }

    /// <summary>Completes a command whose columns its options and the guest choose.</summary>
    /// <param name="command">Gets the options and the action.</param>
    /// <param name="shape">The columns; asked for when the command runs.</param>
    /// <param name="ask">Asks the question; the rows may be made while they are enumerated.</param>
    /// <param name="whenEmpty">The message for an answer without rows.</param>
    public static Command Complete<TRow>(
        Command command,
        Func<ParseResult, GuestSession, Shape<TRow>> shape,
        Func<ListingQuestion, IEnumerable<TRow>> ask,
        string whenEmpty
    )
    {
        var options = new GuestOptions(command, isListing: true);
        command.SetAction(result =>
            RunBySystem(result, options, question => shape(question.Command, question.Session), ask, whenEmpty)
        );
        return command;
    }

    /// <summary>Asks the question and lists the rows, for a command that has its options already.</summary>
    /// <param name="result">The command line.</param>
    /// <param name="options">The command's options.</param>
    /// <param name="shape">The columns; asked for when the command runs.</param>
    /// <param name="ask">Asks the question; the rows may be made while they are enumerated.</param>
    /// <param name="whenEmpty">The message for an answer without rows.</param>
    /// <param name="isPaged">Whether a pager may show the rows.</param>
    public static int Run<TRow>(
        ParseResult result,
        GuestOptions options,
        Func<ParseResult, Shape<TRow>> shape,
        Func<ListingQuestion, IEnumerable<TRow>> ask,
        string whenEmpty,
        bool isPaged = true
    ) => RunBySystem(result, options, question => shape(question.Command), ask, whenEmpty, isPaged);

    /// <summary>As <see cref="Run"/>, for columns that the guest's system chooses.</summary>
    /// <param name="result">The command line.</param>
    /// <param name="options">The command's options.</param>
    /// <param name="shape">The columns; asked for when the guest is open.</param>
    /// <param name="ask">Asks the question; the rows may be made while they are enumerated.</param>
    /// <param name="whenEmpty">The message for an answer without rows.</param>
    /// <param name="isPaged">Whether a pager may show the rows.</param>
    public static int RunBySystem<TRow>(
        ParseResult result,
        GuestOptions options,
        Func<ListingQuestion, Shape<TRow>> shape,
        Func<ListingQuestion, IEnumerable<TRow>> ask,
        string whenEmpty,
        bool isPaged = true
    ) =>
        GuestInvocation.Run(
            result,
            options,
            invocation =>
            {
                var question = new ListingQuestion(invocation.Session, result, invocation.Context);
                long count = 1;
                try
                {
                    count = ListingWriter.Write(
                        invocation.Output,
                        options.ReadFormat(result),
                        shape(question),
                        ask(question),
                        () => question.Defects,
                        invocation.Cancellation
                    );
                    if (question.Footer is { } footer && options.ReadFormat(result) == AnswerFormat.Text)
                    {
                        foreach (string line in footer.Split('\n'))
                            invocation.Output.Text.Append(TerminalText.Escape(line) + "\n");
                    }

                    invocation.Output.Flush();
                    if (count == 0)
                        Messages.Write($"osprey: {TerminalText.Escape(question.WhenEmpty ?? whenEmpty)}");
                }
                catch (TargetException exception) when (exception.Problem == TargetProblem.NotConfigured)
                {
                    Messages.Write($"osprey: {TerminalText.Escape(exception.Message)}");
                }

                foreach (string defect in question.Defects)
                    Messages.Write($"osprey: the list may lack something: {TerminalText.Escape(defect)}");

                bool isMissing = question.Defects.Count > 0 || (count == 0 && question.IsSelective);
                return isMissing ? ExitCode.Failure : ExitCode.Success;
            },
            paged: isPaged
        );
}
