using Osprey.Debug;
using Osprey.Debug.Breakpoints;
using Osprey.Target;

namespace Osprey.Dap.Breakpoints;

/// <summary>
/// The breakpoints of a client, in the groups that it sets them by: a source file, all functions, all instructions, all
/// data.
/// </summary>
internal sealed class ClientBreakpoints
{
    private readonly Dictionary<string, IReadOnlyList<ClientBreakpoint>> _groups = [];
    private readonly HashSet<int> _pending = [];
    private int _last;

    /// <summary>Tells whether some wait for a place.</summary>
    public bool HasPending => _pending.Count > 0;

    private IEnumerable<ClientBreakpoint> All => _groups.Values.SelectMany(group => group);

    /// <summary>
    /// Puts other breakpoints into the place of those of a group. Those that were there before stay as they are, with
    /// their counts. The guest stands still.
    /// </summary>
    /// <param name="session">The guest.</param>
    /// <param name="group">The group.</param>
    /// <param name="reason">The word that stops are told by.</param>
    /// <param name="wishes">The client's words for each.</param>
    /// <param name="resolve">Gives the settings that the words mean: several are tried in turn.</param>
    public IReadOnlyList<ClientBreakpoint> Replace<TWish>(
        DebugSession session,
        string group,
        string reason,
        IReadOnlyList<TWish> wishes,
        Func<TWish, IEnumerable<BreakpointSettings>> resolve
    )
        where TWish : notnull
    {
        List<ClientBreakpoint> before = [.. _groups.GetValueOrDefault(group) ?? []];
        var done = new ClientBreakpoint?[wishes.Count];
        for (int i = 0; i < done.Length; i++)
        {
            int at = before.FindIndex(old => old.Taken is not null && old.Wish.Equals(wishes[i]));
            if (at < 0)
                continue;

            done[i] = before[at];
            before.RemoveAt(at);
        }

        foreach (ClientBreakpoint old in before)
        {
            _pending.Remove(old.Id);
            if (old.Taken is { } taken)
                session.Remove(taken);
        }

        _groups.Remove(group);
        for (int i = 0; i < done.Length; i++)
            done[i] ??= Add(session, reason, wishes[i], resolve);

        if (done.Length > 0)
            _groups[group] = done!;

        return done!;
    }

    /// <summary>Makes one that could not be set.</summary>
    public ClientBreakpoint Refuse(object wish, string problem) => new(++_last, "breakpoint", wish, null, problem);

    /// <summary>Finds the client's breakpoint for one of the guest; null when there is none.</summary>
    public ClientBreakpoint? Find(DebugBreakpoint breakpoint) => All.FirstOrDefault(one => one.Taken == breakpoint);

    /// <summary>Takes those that waited for a place and have one now.</summary>
    public IReadOnlyList<ClientBreakpoint> TakeVerified()
    {
        if (_pending.Count == 0)
            return [];

        ClientBreakpoint[] found = [.. All.Where(one => one.IsVerified && _pending.Contains(one.Id))];
        foreach (ClientBreakpoint one in found)
            _pending.Remove(one.Id);

        return found;
    }

    /// <summary>Forgets all: they are not in the guest any more.</summary>
    public void Clear()
    {
        _groups.Clear();
        _pending.Clear();
    }

    private ClientBreakpoint Add<TWish>(
        DebugSession session,
        string reason,
        TWish wish,
        Func<TWish, IEnumerable<BreakpointSettings>> resolve
    )
        where TWish : notnull
    {
        DebugBreakpoint? taken = null;
        try
        {
            foreach (BreakpointSettings settings in resolve(wish))
            {
                DebugBreakpoint added = session.Add(settings);
                if (added.IsPending && taken is not null)
                {
                    session.Remove(added);
                    continue;
                }

                if (taken is not null)
                    session.Remove(taken);

                taken = added;
                if (!added.IsPending)
                    break;
            }
        }
        catch (Exception failed) when (failed is FormatException or TargetException)
        {
            if (taken is not null)
                session.Remove(taken);

            return Refuse(wish, failed.Message);
        }

        if (taken is null)
            return Refuse(wish, "the client names no file");

        var made = new ClientBreakpoint(++_last, reason, wish, taken);
        if (taken.IsPending)
            _pending.Add(made.Id);

        return made;
    }
}
