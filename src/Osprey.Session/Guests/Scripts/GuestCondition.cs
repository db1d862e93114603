using System.Diagnostics;
using System.Globalization;
using Osprey.Target;

namespace Osprey.Session.Guests.Scripts;

/// <summary>A condition on a guest that a script's step waits for.</summary>
public abstract record GuestCondition
{
    /// <summary>The forms of a step that waits for one, for messages.</summary>
    public const string Form = "when thread NAME waits in FUNCTION [TIME], or when value EXPRESSION [TIME]";

    private static readonly TimeSpan s_poll = TimeSpan.FromMilliseconds(50);

    /// <summary>Reads the words of a step that waits: <c>when</c>, a condition, and perhaps the longest time.</summary>
    /// <returns>The condition and the longest wait; null when the words are no such step.</returns>
    /// <exception cref="FormatException">The time is none.</exception>
    public static (GuestCondition Condition, TimeSpan Timeout)? Read(IReadOnlyList<string> words)
    {
        (GuestCondition? condition, int size) = words switch
        {
            ["when", "thread", var thread, "waits", "in", var function, ..] => (
                (GuestCondition)new ThreadCondition(thread, function),
                6
            ),
            ["when", "value", var expression, ..] => (new ValueCondition(expression), 3),
            _ => (null, 0),
        };
        if (condition is null || words.Count > size + 1)
            return null;

        return (condition, words.Count > size ? ScriptWords.ReadTime(words[size]) : ScriptWords.DefaultTimeout);
    }

    /// <summary>Tells whether it holds now. What was read before is read anew; nothing is paused.</summary>
    /// <param name="session">The guest.</param>
    /// <param name="cancellation">Ends the look.</param>
    /// <exception cref="TargetException">The guest can't be asked.</exception>
    public abstract bool Holds(GuestSession session, CancellationToken cancellation);

    /// <summary>Waits until it holds.</summary>
    /// <param name="session">The guest.</param>
    /// <param name="timeout">The longest wait.</param>
    /// <param name="pass">Lets a time pass until the next look.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="TargetException">It does not hold in time, or the guest can't be asked.</exception>
    /// <exception cref="OperationCanceledException">The wait was cancelled.</exception>
    public void Await(GuestSession session, TimeSpan timeout, Action<TimeSpan> pass, CancellationToken cancellation)
    {
        long start = Stopwatch.GetTimestamp();
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            long look = Stopwatch.GetTimestamp();
            if (Holds(session, cancellation))
                return;

            // The guest may stand still for a look: it shall run most of the time.
            TimeSpan rest = 10 * Stopwatch.GetElapsedTime(look);
            TimeSpan left = timeout - Stopwatch.GetElapsedTime(start);
            if (left <= TimeSpan.Zero)
                throw new TargetException(
                    string.Create(CultureInfo.InvariantCulture, $"{this}: not so within {timeout.TotalSeconds:0.###} s")
                );

            TimeSpan wait = rest > s_poll ? rest : s_poll;
            pass(wait < left ? wait : left);
        }
    }
}
