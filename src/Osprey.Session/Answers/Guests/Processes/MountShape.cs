using Osprey.Guests;
using Osprey.Guests.FileSystems;
using Osprey.Session.Guests;
using Osprey.Target;

namespace Osprey.Session.Answers.Guests.Processes;

/// <summary>The file systems that are mounted, and their columns.</summary>
public static class MountShape
{
    private const string FirstProcess = "1";

    /// <summary>Stands in text for the options of a file system whose own are not known.</summary>
    private const string Unknown = "...";

    /// <summary>The columns.</summary>
    public static Shape<GuestMount> Shape { get; } =
        new Shape<GuestMount>("mounts")
            .Unsigned("id", mount => mount.Id)
            .OnlyInData()
            .Unsigned("parent", mount => mount.ParentId)
            .OnlyInData()
            .Text("device", mount => mount.Device)
            .Text("source", mount => mount.Source)
            .Text("path", mount => mount.Path)
            .Text("type", mount => mount.Type)
            .Text("options", mount => string.Join(',', mount.Options.Concat(mount.OwnOptions ?? [Unknown])))
            .OnlyInText()
            .Texts("options", mount => mount.Options)
            .OnlyInData()
            .List(
                "ownOptions",
                (mount, writer) =>
                {
                    foreach (string option in mount.OwnOptions!)
                        writer.Text(null, option);
                },
                mount => mount.OwnOptions is not null
            )
            .OnlyInData()
            .Text("root", mount => mount.Root)
            .OnlyInData()
            .Address("object", mount => mount.Address)
            .OnlyInData();

    /// <summary>Lists them. A live guest is not paused.</summary>
    /// <param name="session">The guest.</param>
    /// <param name="process">
    /// The process that sees them: the number, address or name of one of its threads; null for the first.
    /// </param>
    /// <param name="context">The wish to end early.</param>
    /// <exception cref="TargetException">There is no such process, or it sees none.</exception>
    public static GuestList<GuestMount> Ask(GuestSession session, string? process, QuestionContext context)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(context);
        IGuestMounts mounts = session.RequireAbility<IGuestMounts>("its mounts can't be listed");
        return mounts.ReadMounts(session.Kernel, session.FindThread(process ?? FirstProcess), context.Cancellation);
    }
}
