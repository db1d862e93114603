using System.CommandLine;
using Osprey.Cli.Rendering.Answers;
using Osprey.Cli.Rendering.Streams;
using Osprey.Session.Answers;

namespace Osprey.Cli.CommandLine;

/// <summary>A command that asks one question and lists the rows of the answer as text, JSON or CSV.</summary>
internal static class ListingCommand
{
    /// <summary>Completes a command whose rows come from this host.</summary>
    /// <param name="command">Gets the options and the action.</param>
    /// <param name="shape">The columns; asked for when the command runs.</param>
    /// <param name="ask">Asks the question; the rows may be made while they are enumerated.</param>
    /// <param name="whenEmpty">The message for an answer without rows.</param>
    public static Command Complete<TRow>(
        Command command,
        Func<Shape<TRow>> shape,
        Func<QuestionContext, IEnumerable<TRow>> ask,
        string whenEmpty
    )
    {
        var options = new AnswerOptions(command, isListing: true);
        command.SetAction(result =>
        {
            AnswerFormat format = options.Read(result);
            using var interruption = new Interruption();
            using var output = new Output(paged: false);
            var context = new QuestionContext(Cancellation: interruption.Token);
            long count = ListingWriter.Write(output, format, shape(), ask(context), cancellation: context.Cancellation);
            output.Flush();
            if (count == 0)
                Messages.Write($"osprey: {whenEmpty}");

            return ExitCode.Success;
        });
        return command;
    }
}
