using System.Globalization;
using Osprey.Guests;
using Osprey.Guests.Processes;
using Osprey.Session.Guests;
using Osprey.Target;

namespace Osprey.Session.Answers.Guests.Processes;

/// <summary>The files of a process, and their columns.</summary>
public static class OpenFileShape
{
    /// <summary>The columns.</summary>
    public static Shape<GuestOpenFile> Shape { get; } =
        new Shape<GuestOpenFile>("files")
            .Text("fd", file => file.Number?.ToString(CultureInfo.InvariantCulture) ?? file.Role)
            .OnlyInText()
            .Integer("number", file => file.Number)
            .OnlyInData()
            .Text("role", file => file.Role)
            .OnlyInData()
            .Text("mode", file => file.Mode)
            .Text("kind", file => file.Kind)
            .Unsigned("position", file => file.Position)
            .Text("flags", file => file.Flags.Count > 0 ? string.Join(',', file.Flags) : null)
            .OnlyInText()
            .Texts("flags", file => file.Flags)
            .OnlyInData()
            .Unsigned("flagBits", file => file.FlagBits)
            .OnlyInData()
            .Text("device", file => file.Device)
            .OnlyInData()
            .Unsigned("inode", file => file.Inode)
            .Text("path", file => file.Path)
            .Address("object", file => file.Address)
            .OnlyInData();

    /// <summary>Lists them. A live guest is not paused.</summary>
    /// <param name="session">The guest.</param>
    /// <param name="process">The process: the number, address or name of one of its threads.</param>
    /// <param name="context">The wish to end early.</param>
    /// <exception cref="TargetException">There is no such process, or it has no files.</exception>
    public static GuestList<GuestOpenFile> Ask(GuestSession session, string process, QuestionContext context)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(context);
        IGuestProcesses processes = session.RequireAbility<IGuestProcesses>("it has no processes");
        return processes.ReadFiles(session.Kernel, session.FindThread(process), context.Cancellation);
    }
}
