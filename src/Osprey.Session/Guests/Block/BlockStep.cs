using Osprey.Session.Guests.Scripts;
using Osprey.Target.Backends.Qemu.Block;

namespace Osprey.Session.Guests.Block;

/// <summary>A step of a script.</summary>
/// <param name="Line">Its line, from 1.</param>
/// <param name="Text">The line as it is written, without comment.</param>
public abstract record BlockStep(int Line, string Text)
{
    /// <summary>Puts a filter into a drive.</summary>
    /// <param name="Line">Its line, from 1.</param>
    /// <param name="Text">The line.</param>
    /// <param name="Drive">The drive.</param>
    public sealed record Insert(int Line, string Text, string Drive) : BlockStep(Line, Text);

    /// <summary>Takes the filter of a drive out.</summary>
    /// <param name="Line">Its line, from 1.</param>
    /// <param name="Text">The line.</param>
    /// <param name="Drive">The drive.</param>
    public sealed record Remove(int Line, string Text, string Drive) : BlockStep(Line, Text);

    /// <summary>Sets a breakpoint.</summary>
    /// <param name="Line">Its line, from 1.</param>
    /// <param name="Text">The line.</param>
    /// <param name="Drive">The drive.</param>
    /// <param name="Event">The event.</param>
    /// <param name="Tag">The breakpoint's tag.</param>
    public sealed record Break(int Line, string Text, string Drive, string Event, string Tag) : BlockStep(Line, Text);

    /// <summary>Waits until a breakpoint holds a request.</summary>
    /// <param name="Line">Its line, from 1.</param>
    /// <param name="Text">The line.</param>
    /// <param name="Tag">The breakpoint's tag.</param>
    /// <param name="Timeout">The longest wait.</param>
    public sealed record Wait(int Line, string Text, string Tag, TimeSpan Timeout) : BlockStep(Line, Text);

    /// <summary>Lets a request go on.</summary>
    /// <param name="Line">Its line, from 1.</param>
    /// <param name="Text">The line.</param>
    /// <param name="Tag">The tag of the breakpoint that holds it.</param>
    public sealed record Resume(int Line, string Text, string Tag) : BlockStep(Line, Text);

    /// <summary>Makes requests fail.</summary>
    /// <param name="Line">Its line, from 1.</param>
    /// <param name="Text">The line.</param>
    /// <param name="Drive">The drive.</param>
    /// <param name="Rule">The rule.</param>
    public sealed record Inject(int Line, string Text, string Drive, InjectRule Rule) : BlockStep(Line, Text);

    /// <summary>Waits until the guest is as far as a condition says.</summary>
    /// <param name="Line">Its line, from 1.</param>
    /// <param name="Text">The line.</param>
    /// <param name="Condition">The condition.</param>
    /// <param name="Timeout">The longest wait.</param>
    public sealed record When(int Line, string Text, GuestCondition Condition, TimeSpan Timeout)
        : BlockStep(Line, Text);

    /// <summary>Waits for a time.</summary>
    /// <param name="Line">Its line, from 1.</param>
    /// <param name="Text">The line.</param>
    /// <param name="Time">The time.</param>
    public sealed record Sleep(int Line, string Text, TimeSpan Time) : BlockStep(Line, Text);
}
