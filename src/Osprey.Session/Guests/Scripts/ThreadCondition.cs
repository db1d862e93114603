using System.Globalization;
using Osprey.Guests.Threads;
using Osprey.Session.Guests.Stacks;
using Osprey.Target;
using Osprey.Target.Unwinding;

namespace Osprey.Session.Guests.Scripts;

/// <summary>A condition on a guest: a thread sleeps, and a function is on its stack.</summary>
/// <param name="Thread">The thread's name or number. Any thread of that name will do.</param>
/// <param name="Function">The function's name, with or without its parameters and namespaces.</param>
public sealed record ThreadCondition(string Thread, string Function) : GuestCondition
{
    private const int MaxThreads = 64;
    private static readonly UnwinderOptions s_options = UnwinderOptions.Default with { MaxFrames = 64 };

    /// <inheritdoc/>
    public override bool Holds(GuestSession session, CancellationToken cancellation)
    {
        session.RefreshContexts();
        var names = new BacktraceSymbols(session.Symbols);
        foreach (
            GuestThreadState thread in session
                .ListThreads(cancellation)
                .Threads.Where(thread => !thread.IsRunning && IsMeant(thread))
                .Take(MaxThreads)
        )
        {
            cancellation.ThrowIfCancellationRequested();
            try
            {
                CpuStack stack = session.GetThread(thread).ReadStack(s_options);
                if (names.Expand(stack.Backtrace).Any(row => IsFunction(row.Function)))
                    return true;
            }
            catch (TargetException)
            {
                // It ran or ended meanwhile: the next look says more.
            }
        }

        return false;
    }

    /// <inheritdoc/>
    public override string ToString() => $"thread {Thread} waits in {Function}";

    /// <summary>Tells whether a name on a stack is the function's.</summary>
    internal bool IsFunction(string? name)
    {
        if (name is null)
            return false;

        if (name == Function)
            return true;

        int parameters = name.IndexOf('(', StringComparison.Ordinal);
        string bare = parameters > 0 ? name[..parameters] : name;
        return bare == Function || bare.EndsWith("::" + Function, StringComparison.Ordinal);
    }

    private bool IsMeant(GuestThreadState thread) =>
        thread.Name == Thread
        || (ulong.TryParse(Thread, NumberStyles.None, CultureInfo.InvariantCulture, out ulong id) && thread.Id == id);
}
