using Osprey.Session.Guests.Scripts;

namespace Osprey.Debug.Faults;

/// <summary>A step of a script of faults.</summary>
/// <param name="Line">Its line, from 1.</param>
/// <param name="Text">The line as it is written, without comment.</param>
public abstract record FaultStep(int Line, string Text)
{
    /// <summary>Makes calls fail from now on.</summary>
    /// <param name="Line">Its line, from 1.</param>
    /// <param name="Text">The line.</param>
    /// <param name="Rule">The calls and their result.</param>
    public sealed record Begin(int Line, string Text, FaultRule Rule) : FaultStep(Line, Text);

    /// <summary>Ends the faults of a function.</summary>
    /// <param name="Line">Its line, from 1.</param>
    /// <param name="Text">The line.</param>
    /// <param name="Function">The function.</param>
    public sealed record Clear(int Line, string Text, string Function) : FaultStep(Line, Text);

    /// <summary>Waits until calls of a function have failed.</summary>
    /// <param name="Line">Its line, from 1.</param>
    /// <param name="Text">The line.</param>
    /// <param name="Function">The function.</param>
    /// <param name="Count">How many calls, from the script's beginning on.</param>
    /// <param name="Timeout">The longest wait.</param>
    public sealed record Wait(int Line, string Text, string Function, long Count, TimeSpan Timeout)
        : FaultStep(Line, Text);

    /// <summary>Waits until the guest is as far as a condition says.</summary>
    /// <param name="Line">Its line, from 1.</param>
    /// <param name="Text">The line.</param>
    /// <param name="Condition">The condition.</param>
    /// <param name="Timeout">The longest wait.</param>
    public sealed record When(int Line, string Text, GuestCondition Condition, TimeSpan Timeout)
        : FaultStep(Line, Text);

    /// <summary>Lets the guest run for a time.</summary>
    /// <param name="Line">Its line, from 1.</param>
    /// <param name="Text">The line.</param>
    /// <param name="Time">The time.</param>
    public sealed record Sleep(int Line, string Text, TimeSpan Time) : FaultStep(Line, Text);
}
