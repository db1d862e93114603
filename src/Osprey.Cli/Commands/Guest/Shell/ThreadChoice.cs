using Osprey.Cli.Rendering.Streams;
using Osprey.Cli.Rendering.Text;
using Osprey.Guests.Threads;
using Osprey.Session.Guests;
using Osprey.Target;

namespace Osprey.Cli.Commands.Guest.Shell;

/// <summary>
/// The command of a shell that chooses the thread whose stack, registers and variables later commands show.
/// </summary>
internal static class ThreadChoice
{
    /// <summary>The word that chooses no thread any more.</summary>
    public const string None = "none";

    /// <summary>Reads <c>thread N</c> and <c>osv thread N</c>; null when the words are another command.</summary>
    public static string? TryRead(IReadOnlyList<string> words) =>
        words switch
        {
            ["thread", var thread] when !thread.StartsWith('-') => thread,
            ["osv", "thread", var thread] when !thread.StartsWith('-') => thread,
            _ => null,
        };

    /// <summary>Chooses a thread.</summary>
    /// <returns>The exit code.</returns>
    public static int Choose(AttachedGuest attached, string name)
    {
        if (name == None)
        {
            attached.ChooseThread(null);
            return ExitCode.Success;
        }

        try
        {
            GuestSession session = attached.Prepare(new GuestSettings(), selects: true);
            GuestThreadState thread = session.FindThread(name);
            attached.ChooseThread(thread.Id);
            Messages.Note($"osprey: thread {thread.Id} {TerminalText.Escape(thread.Name)}: {thread.State}");
            return ExitCode.Success;
        }
        catch (TargetException exception)
        {
            Messages.Write($"osprey: {TerminalText.Escape(exception.Message)}");
            return ExitCode.Failure;
        }
    }
}
