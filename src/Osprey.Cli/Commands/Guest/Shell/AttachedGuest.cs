using System.Globalization;
using Osprey.Session.Guests;
using Osprey.Target;

namespace Osprey.Cli.Commands.Guest.Shell;

/// <summary>
/// A guest that stays open while several commands look into it, for the flow of control that began it.
/// </summary>
/// <remarks>
/// <para>
/// The commands of a shell are the commands of the program: each is parsed and run as if it had been typed alone, and
/// asks <see cref="GuestInvocation"/> for its guest. That finds this one, unless the command line names another.
/// </para>
/// <para>
/// Memory, registers and lists are read anew for each command (<see cref="GuestSession.Refresh"/>), since the guest
/// may have run. The files of its programs, which take most of the time to open, are kept.
/// </para>
/// </remarks>
internal sealed class AttachedGuest : IDisposable
{
    private static readonly AsyncLocal<AttachedGuest?> s_current = new();

    private readonly AttachedGuest? _outer = s_current.Value;
    private readonly GuestRelease _release;
    private readonly HashSet<string> _told = [];

    /// <param name="session">The guest; owned from then on.</param>
    /// <param name="defaults">The vCPU, thread and page tables for commands that choose none.</param>
    public AttachedGuest(GuestSession session, GuestSettings defaults)
    {
        Session = session;
        Defaults = defaults;
        _release = new GuestRelease(session.Target, interrupts: false);
        s_current.Value = this;
    }

    /// <summary>The guest that is open; null when each command opens its own.</summary>
    public static AttachedGuest? Current => s_current.Value;

    /// <summary>The guest.</summary>
    public GuestSession Session { get; }

    /// <summary>The vCPU, thread and page tables for commands that choose none.</summary>
    public GuestSettings Defaults { get; private set; }

    /// <summary>Chooses the thread for commands that choose none.</summary>
    /// <param name="id">Its number; null for none.</param>
    public void ChooseThread(ulong? id) =>
        Defaults = Defaults with
        {
            Thread = id?.ToString(CultureInfo.InvariantCulture),
            Cpu = null,
            PageTableRoot = null,
        };

    /// <summary>Makes the guest ready for the next command.</summary>
    /// <param name="settings">The command's own wishes.</param>
    /// <param name="selects">Whether they choose a vCPU, a thread or page tables.</param>
    public GuestSession Prepare(GuestSettings settings, bool selects)
    {
        GuestSettings chosen = selects ? settings : Defaults;
        Session.Select(chosen.Cpu, chosen.Thread, chosen.PageTableRoot, chosen.Process);
        if (Session.Target.Access != TargetAccess.Core)
            Session.Refresh();

        return Session;
    }

    /// <summary>Leaves the guest to a command that brings it back: see <see cref="GuestRelease.Defer"/>.</summary>
    public IDisposable DeferRelease(Action abandon) => _release.Defer(abandon);

    /// <summary>Takes the notes that were not told before.</summary>
    public IEnumerable<string> TakeNotes() => [.. Session.Notes.Where(_told.Add)];

    public void Dispose()
    {
        s_current.Value = _outer;
        _release.Dispose();
        Session.Dispose();
    }
}
