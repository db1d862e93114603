using Osprey.Dap.Values;
using Osprey.Debug;
using Osprey.Session.Guests;
using Osprey.Target;

namespace Osprey.Dap.Stops;

/// <summary>
/// The things that the client was told of one stop: stacks, frames and variables, under the numbers that it knows.
/// </summary>
internal sealed class StopView
{
    // Clients ask for the stacks of a few threads. Some show those of all.
    private const int MaxStacks = 4096;

    private readonly Dictionary<long, ThreadStack> _stacks = [];
    private readonly NumberedItems<StackRow> _frames = new();
    private readonly NumberedItems<VariableGroup> _groups = new();

    /// <summary>The number of frames and groups of variables that are kept.</summary>
    public int Count => _frames.Count + _groups.Count;

    /// <summary>Forgets all, when the guest runs or is looked at anew.</summary>
    public void Clear()
    {
        _stacks.Clear();
        _frames.Clear();
        _groups.Clear();
    }

    /// <summary>Gives a thread's stack.</summary>
    /// <exception cref="TargetException">It can't be read.</exception>
    public ThreadStack GetStack(GuestSession guest, DebugThread thread)
    {
        if (_stacks.TryGetValue(thread.Number, out ThreadStack? known))
            return known;

        ThreadStack stack =
            ThreadStack.Read(guest, thread)
            ?? throw new TargetException(
                TargetProblem.NoSuchThread,
                $"the registers of {thread.Name} ({thread.Description}) are not known: its stack can't be shown"
            );
        if (_stacks.Count < MaxStacks)
            _stacks.Add(thread.Number, stack);

        return stack;
    }

    /// <summary>Gives the number of a frame.</summary>
    public int AddFrame(ThreadStack stack, int index) =>
        _frames.Add((stack.Thread.Number, index), new StackRow(stack, index));

    /// <summary>Finds a frame; null when there is none of this number at this stop.</summary>
    public StackRow? FindFrame(int number) => _frames.Find(number);

    /// <summary>Gives the number of a group of variables.</summary>
    public int AddGroup(object key, VariableGroup group) => _groups.Add(key, group);

    /// <summary>Finds a group of variables; null when there is none of this number at this stop.</summary>
    public VariableGroup? FindGroup(int number) => _groups.Find(number);
}
