using Osprey.Debug;
using Osprey.Target;
using Osprey.Target.Execution;

namespace Osprey.Dap.Breakpoints;

/// <summary>
/// The breakpoints of a client, in the groups that it sets them by: a source file, all functions, all instructions, all
/// data. Each is in the guest once, however many stand for it.
/// </summary>
internal sealed class ClientBreakpoints
{
    private readonly Dictionary<string, IReadOnlyList<ClientBreakpoint>> _groups = [];
    private readonly HashSet<Breakpoint> _inserted = [];

    private IEnumerable<ClientBreakpoint> All => _groups.Values.SelectMany(group => group);

    /// <summary>Puts other breakpoints into the place of those of a group. The guest stands still.</summary>
    /// <returns>The breakpoints, those with a problem that can't be inserted.</returns>
    public IReadOnlyList<ClientBreakpoint> Replace(
        DebugSession session,
        string group,
        IReadOnlyList<ClientBreakpoint> breakpoints
    )
    {
        _groups.Remove(group);
        HashSet<Breakpoint> kept = [.. All.Concat(breakpoints).SelectMany(one => one.Places)];
        foreach (Breakpoint old in _inserted.Where(one => !kept.Contains(one)).ToArray())
        {
            session.Remove(old);
            _inserted.Remove(old);
        }

        IReadOnlyList<ClientBreakpoint> done = [.. breakpoints.Select(one => Insert(session, one))];
        if (done.Count > 0)
            _groups[group] = done;

        return done;
    }

    /// <summary>Finds those that a stop at an address is about.</summary>
    public IReadOnlyList<ClientBreakpoint> FindAt(ulong address) =>
        [.. All.Where(one => one.Places.Any(place => place.IsInstruction && place.Address == address))];

    /// <summary>Finds the watchpoints that touched memory belongs to.</summary>
    public IReadOnlyList<ClientBreakpoint> FindWatching(ulong address) =>
        [
            .. All.Where(one =>
                one.Places.Any(place =>
                    !place.IsInstruction && address >= place.Address && address - place.Address < (ulong)place.Size
                )
            ),
        ];

    /// <summary>Forgets all: they are not in the guest any more.</summary>
    public void Clear()
    {
        _groups.Clear();
        _inserted.Clear();
    }

    private ClientBreakpoint Insert(DebugSession session, ClientBreakpoint wanted)
    {
        try
        {
            foreach (Breakpoint place in wanted.Places)
            {
                if (_inserted.Contains(place))
                    continue;

                session.Insert(place);
                _inserted.Add(place);
            }

            return wanted;
        }
        catch (TargetException failed)
        {
            return wanted with { Places = [], Problem = failed.Message };
        }
    }
}
