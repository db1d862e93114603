using Osprey.Session.Answers.Guests.Threads;

namespace Osprey.Session.Answers.Guests.Locks;

/// <summary>A lock that threads of a guest wait for.</summary>
/// <param name="Address">Its address.</param>
/// <param name="Kind">What it is, such as "mutex".</param>
/// <param name="Name">The variable at that address; null when there is none.</param>
/// <param name="Owner">
/// The thread that holds it; null while it is handed over, when readers hold it, and for what no thread holds.
/// </param>
/// <param name="Waiters">The threads that wait for it, the one that has waited longest first.</param>
/// <param name="IsDeadlocked">True when its owner waits, over others perhaps, for itself.</param>
public sealed record LockRow(
    ulong Address,
    string Kind,
    string? Name,
    ThreadRow? Owner,
    IReadOnlyList<ThreadRow> Waiters,
    bool IsDeadlocked
)
{
    // Thousands may wait for one lock; lists of records have them all.
    private const int MaxShown = 20;

    private static readonly Shape<ThreadRow> s_thread = new Shape<ThreadRow>("thread")
        .Unsigned("id", row => row.State.Id)
        .Text("name", row => row.State.Name)
        .Text("state", row => row.State.State)
        .Text("where", row => row.Place)
        .Time("switchedAt", row => (ulong?)row.State.SwitchedAt);

    /// <summary>True for what one thread can hold, so that it is a lock in the narrow sense.</summary>
    public bool CanBeHeld => Waiters is [{ Wait: { } wait }, ..] && LocksAnswer.HasOwner(wait.Kind);

    /// <summary>The first threads that wait for it, and how many more do.</summary>
    internal string WaitersInWords
    {
        get
        {
            string first = string.Join(", ", Waiters.Take(MaxShown).Select(waiter => waiter.State.Label));
            return Waiters.Count <= MaxShown ? first : $"{first} and {Waiters.Count - MaxShown} more";
        }
    }

    /// <summary>The columns.</summary>
    public static Shape<LockRow> Shape { get; } =
        new Shape<LockRow>("locks")
            .Address("lock", row => row.Address)
            .Text("kind", row => row.Kind)
            .Text("name", row => row.Name)
            .OnlyInData()
            .Record("owner", row => row.Owner, s_thread)
            .OnlyInData()
            .Records("waiters", row => row.Waiters, () => s_thread)
            .OnlyInData()
            .Boolean("deadlocked", row => row.IsDeadlocked)
            .OnlyInData()
            .Text("owner", row => row.Owner is { } owner ? owner.State.Label : null)
            .OnlyInText()
            .Text("ownerIs", row => row.Owner?.Place)
            .Headed("WHERE THE OWNER IS")
            .OnlyInText()
            .Text("waiters", row => row.WaitersInWords)
            .OnlyInText()
            .Text("deadlock", row => row.IsDeadlocked ? "yes" : "")
            .OnlyInText();
}
