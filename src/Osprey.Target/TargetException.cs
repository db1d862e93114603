using System.Globalization;

namespace Osprey.Target;

/// <summary>A guest can't be reached, or not in the way that was asked for.</summary>
/// <remarks>
/// The message says what happened and to which guest. It gives no advice: what a user can do about it depends on the
/// front end, which knows its own options and chooses its words by <see cref="Problem"/>.
/// </remarks>
/// <param name="problem">The reason.</param>
/// <param name="message">What happened, and to which guest.</param>
/// <param name="inner">The exception that led to it; null when there is none.</param>
public sealed class TargetException(TargetProblem problem, string message, Exception? inner = null)
    : Exception(message, inner)
{
    /// <summary>A failure that has no reason of its own.</summary>
    /// <param name="message">What happened, and to which guest.</param>
    /// <param name="inner">The exception that led to it; null when there is none.</param>
    public TargetException(string message, Exception? inner = null)
        : this(TargetProblem.Other, message, inner) { }

    /// <summary>A guest has no CPU of a number.</summary>
    /// <param name="guest">The guest's name, or "the guest".</param>
    /// <param name="count">How many it has.</param>
    /// <param name="cpu">The number, from 0 on.</param>
    public static TargetException NoSuchCpu(string guest, int count, int cpu) =>
        new(
            TargetProblem.NoSuchCpu,
            string.Create(
                CultureInfo.InvariantCulture,
                $"{guest} has {count} CPU{(count == 1 ? "" : "s")}; there is no CPU {cpu}"
            )
        )
        {
            Cpu = cpu,
        };

    /// <summary>The reason.</summary>
    public TargetProblem Problem { get; } = problem;

    /// <summary>The guests or processes to choose from; empty when the problem is not about a choice.</summary>
    public IReadOnlyList<string> Names { get; init; } = [];

    /// <summary>The process that it is about; null when it is not about one.</summary>
    public int? ProcessId { get; init; }

    /// <summary>The vCPU that it is about; null when it is not about one.</summary>
    public int? Cpu { get; init; }
}
