using Osprey.Guests;
using Osprey.Guests.Processes;
using Osprey.Session.Answers.Guests.Memory;
using Osprey.Session.Guests;
using Osprey.Target;

namespace Osprey.Session.Answers.Guests.Processes;

/// <summary>The mappings of a process, and their columns.</summary>
public static class ProcessMapShape
{
    private const int PermissionLetters = 3;

    /// <summary>The columns.</summary>
    public static Shape<GuestProcessMapping> Shape { get; } =
        new Shape<GuestProcessMapping>("mappings")
            .Address("start", mapping => mapping.Start)
            .Address("end", mapping => mapping.End)
            .Size("size", mapping => mapping.Size)
            .Text("permissions", FormatPermissions)
            .Headed("PERM")
            .Address("offset", mapping => mapping.Offset)
            .Text("device", mapping => mapping.Device)
            .Unsigned("inode", mapping => mapping.Inode)
            .Text("path", mapping => mapping.Path)
            .Address("object", mapping => mapping.Address)
            .OnlyInData();

    /// <summary>Lists them. A live guest is not paused.</summary>
    /// <param name="session">The guest.</param>
    /// <param name="process">The process: the number, address or name of one of its threads.</param>
    /// <param name="context">The wish to end early.</param>
    /// <exception cref="TargetException">There is no such process, or it has no memory.</exception>
    public static GuestList<GuestProcessMapping> Ask(GuestSession session, string process, QuestionContext context)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(context);
        IGuestProcesses processes = session.RequireAbility<IGuestProcesses>("it has no processes");
        return processes.ReadMaps(session.Kernel, session.FindThread(process), context.Cancellation);
    }

    /// <summary>Four letters, as in <c>/proc/PID/maps</c>: the last is for shared or private.</summary>
    public static string FormatPermissions(GuestProcessMapping mapping)
    {
        ArgumentNullException.ThrowIfNull(mapping);
        return PermissionText.Format(mapping.Permissions)[..PermissionLetters] + (mapping.IsShared ? "s" : "p");
    }
}
