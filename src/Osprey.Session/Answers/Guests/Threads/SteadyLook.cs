using Osprey.Guests.Threads;
using Osprey.Session.Guests;
using Osprey.Target;

namespace Osprey.Session.Answers.Guests.Threads;

/// <summary>A thread as it was seen.</summary>
/// <typeparam name="T">What was read.</typeparam>
/// <param name="Thread">The thread as it was then.</param>
/// <param name="Seen">What was read.</param>
/// <param name="IsTorn">
/// True when it ran each time that it was looked at, so that what was read may be made of two.
/// </param>
internal readonly record struct SteadyLook<T>(GuestThreadState Thread, T Seen, bool IsTorn)
{
    private const int MaxLooks = 5;

    /// <summary>
    /// Looks at a thread of a guest that is not paused, again when the thread ran meanwhile: its registers are saved
    /// when it stops, and its stack is read after that.
    /// </summary>
    /// <param name="session">The guest.</param>
    /// <param name="thread">The thread.</param>
    /// <param name="look">Reads what is wanted.</param>
    /// <param name="isSteady">
    /// Tells of a thread that runs, as it is by now, whether it was read at one moment; null where that does not
    /// matter.
    /// </param>
    public static SteadyLook<T> Take(
        GuestSession session,
        GuestThreadState thread,
        Func<GuestThreadState, T> look,
        Func<GuestThreadState, T, bool>? isSteady = null
    )
    {
        for (int number = 1; ; number++)
        {
            T seen;
            try
            {
                seen = look(thread);
            }
            catch (TargetException exception)
                when (exception.Problem == TargetProblem.NoSuchThread
                    && thread.IsRunning
                    && number < MaxLooks
                    && session.Target.Access == TargetAccess.Live
                    && session.Vcpu.TryReadRegisters() is not null
                )
            {
                // Its vCPU has another thread by now: its registers are saved, or on another vCPU.
                session.RefreshContexts();
                if (session.ThreadReader.ReadAgain(session.Kernel, thread) is not { } next)
                    throw;

                thread = next;
                continue;
            }

            bool hasChanged =
                session.Target.Access == TargetAccess.Live
                && (
                    thread.IsRunning
                        ? isSteady?.Invoke(thread, seen) == false
                        : session.ThreadReader.HasRun(session.Kernel, thread)
                );
            if (!hasChanged)
                return new SteadyLook<T>(thread, seen, false);

            if (thread.IsRunning)
                session.RefreshContexts(); // the registers that were read are old

            GuestThreadState? now = session.ThreadReader.ReadAgain(session.Kernel, thread);
            if (now is null || number == MaxLooks)
                return new SteadyLook<T>(thread, seen, true);

            thread = now;
        }
    }
}
