using System.Globalization;
using Osprey.Debug.Breakpoints;

namespace Osprey.Debug.Faults;

/// <summary>The wishes of a user for calls that shall fail.</summary>
/// <param name="Function">The function.</param>
/// <param name="Value">
/// The value that it returns instead of doing anything: a number, or an expression of the guest's variables that is
/// computed when the fault begins.
/// </param>
public sealed record FaultRule(string Function, string Value)
{
    /// <summary>Lets only each call of this number fail; null for each call.</summary>
    public long? Every { get; init; }

    /// <summary>Ends after so many calls that failed; null for no end.</summary>
    public long? Times { get; init; }

    /// <summary>The thread whose calls are meant, by number or name (* for any text); null for all.</summary>
    public string? Thread { get; init; }

    /// <summary>An expression that must not be 0; it may name parameters and registers. Null for none.</summary>
    public string? Condition { get; init; }

    /// <summary>The breakpoint at the function's first instruction.</summary>
    /// <exception cref="FormatException">The thread's name is empty.</exception>
    internal BreakpointSettings ToBreakpoint() =>
        new(new BreakpointLocation.Function(Function))
        {
            OnlyCompiled = true,
            Condition = Condition,
            Thread = Thread is null ? null : ThreadChoice.Parse(Thread),
            Hit = Every is long every
                ? HitCondition.Parse(string.Create(CultureInfo.InvariantCulture, $"%{every}"))
                : null,
        };
}
