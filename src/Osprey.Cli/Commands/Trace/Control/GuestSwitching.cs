using System.CommandLine;
using Osprey.Cli.Commands.Guest;
using Osprey.Cli.Rendering.Answers;
using Osprey.Cli.Rendering.Streams;
using Osprey.Cli.Rendering.Text;
using Osprey.Guests.Tracepoints;
using Osprey.Rest.Tracepoints;
using Osprey.Session.Answers.Guests.Tracepoints;
using Osprey.Session.Guests.Patching;
using Osprey.Target;
using Osprey.Target.Execution;

namespace Osprey.Cli.Commands.Trace.Control;

/// <summary>Enables or disables tracepoints in a guest's memory: lists the writes, and makes them.</summary>
internal static class GuestSwitching
{
    private const int MostNames = 10;

    /// <summary>The option that allows the writing.</summary>
    public static Option<bool> CreateWrite() =>
        new("--write")
        {
            Description = "With --target: write what is listed to the guest's memory; without this nothing is",
        };

    /// <summary>Runs a command.</summary>
    /// <param name="result">The command line.</param>
    /// <param name="guest">The options of the guest.</param>
    /// <param name="selection">The tracepoints that are meant.</param>
    /// <param name="isOn">Whether to enable them.</param>
    /// <param name="backtrace">Whether samples shall have backtraces; null to leave that as it is.</param>
    public static int Run(
        ParseResult result,
        GuestInstead guest,
        TracepointSelection selection,
        bool isOn,
        bool? backtrace
    ) =>
        GuestInvocation.Run(
            result,
            guest.Options,
            invocation =>
            {
                var reader = invocation.Session.RequireAbility<IGuestTracepoints>("its tracepoints can't be listed");
                selection.RequireMatches([
                    .. reader
                        .ReadTracepoints(invocation.Session.Kernel, invocation.Cancellation)
                        .Items.Select(item => item.Name),
                ]);
                var request = new GuestTracepointRequest(selection.Matches, isOn, backtrace);
                TracepointSwitchAnswer answer = TracepointSwitchAnswer.Plan(
                    invocation.Session,
                    request,
                    out GuestPatch patch,
                    invocation.Cancellation
                );
                bool isAllowed = guest.Options.Write is { } write && result.GetValue(write);
                return Run(invocation, answer, patch, isAllowed);
            }
        );

    /// <summary>Writes the part of the answer that stands before anything is written.</summary>
    internal static void WriteListing(TracepointSwitchAnswer answer, Output output, bool isJson)
    {
        if (!isJson)
            ListingWriter.Write(output, AnswerFormat.Text, TracepointWriteRow.Shape, answer.Writes);
    }

    /// <summary>Writes the rest of the answer.</summary>
    internal static void WriteEnd(TracepointSwitchAnswer answer, Output output, bool isJson)
    {
        if (isJson)
            JsonAnswers.Write(output, TracepointSwitchAnswer.Shape, answer);
        else
            output.Text.Append(answer.Sentence + "\n");
    }

    private static int Run(GuestInvocation invocation, TracepointSwitchAnswer answer, GuestPatch patch, bool isAllowed)
    {
        WriteListing(answer, invocation.Output, invocation.IsJson);
        invocation.Output.Flush(); // before anything is written
        string[] idle = [.. answer.NeverHit];
        if (answer.IsEnabled && idle.Length > 0)
            Messages.Write(
                "osprey: note: the kernel's code has no place that hits "
                    + string.Join(", ", idle.Take(MostNames).Select(TerminalText.Escape))
                    + (idle.Length > MostNames ? $" and {idle.Length - MostNames} others" : "")
            );

        if (isAllowed && answer.Writes.Count > 0)
            answer = answer with { Result = Apply(invocation, patch) };

        WriteEnd(answer, invocation.Output, invocation.IsJson);
        invocation.Output.Flush();
        if (answer.Writes.Count == 0 || answer.Result is not null)
            return ExitCode.Success;

        Messages.Write(
            invocation.Session.Target.FindProblem<IMemoryWriter>() == AbilityProblem.NotSupported
                ? "osprey: nothing was written: this way to a guest can't write its memory"
                : "osprey: nothing was written: allow it with --write"
        );
        return ExitCode.Failure;
    }

    private static GuestPatchResult Apply(GuestInvocation invocation, GuestPatch patch)
    {
        try
        {
            return patch.Apply(target => new GuestRelease(target), invocation.Cancellation);
        }
        catch (TargetException exception) when (invocation.Cancellation.IsCancellationRequested)
        {
            // What a signal cut short is not told otherwise.
            Messages.Write($"osprey: {TerminalText.Escape(exception.Message)}");
            throw;
        }
    }
}
