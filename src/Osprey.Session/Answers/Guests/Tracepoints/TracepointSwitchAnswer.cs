using System.Globalization;
using Osprey.Guests.Tracepoints;
using Osprey.Session.Guests;
using Osprey.Session.Guests.Patching;
using Osprey.Target;
using Osprey.Target.Memory;

namespace Osprey.Session.Answers.Guests.Tracepoints;

/// <summary>The answer to: enable or disable tracepoints by writing the guest's memory.</summary>
/// <param name="IsEnabled">Whether they were to be enabled.</param>
/// <param name="Tracepoints">The tracepoints, by name, also those that were as wanted already.</param>
/// <param name="Writes">The bytes to write, in their order.</param>
/// <param name="Result">The way in which they were written; null while they are not.</param>
public sealed record TracepointSwitchAnswer(
    bool IsEnabled,
    IReadOnlyList<GuestTracepointChange> Tracepoints,
    IReadOnlyList<TracepointWriteRow> Writes,
    GuestPatchResult? Result
)
{
    private static readonly Shape<GuestTracepoint> s_state = new Shape<GuestTracepoint>("states")
        .Boolean("enabled", point => point.IsLogging)
        .Boolean("active", point => point.IsActive)
        .Boolean("backtrace", point => point.WithBacktrace);

    private static readonly Shape<GuestTracepointChange> s_change = new Shape<GuestTracepointChange>("tracepoints")
        .Text("name", change => change.Before.Name)
        .Address("address", change => change.Before.Address)
        .Integer("sites", change => change.Sites)
        .Record("previous", change => change.Before, s_state)
        .Record("current", change => change.After, s_state);

    /// <summary>The columns.</summary>
    public static Shape<TracepointSwitchAnswer> Shape { get; } =
        new Shape<TracepointSwitchAnswer>("switches")
            .Boolean("enabled", answer => answer.IsEnabled)
            .Boolean("written", answer => answer.Result is not null)
            .Text("way", answer => answer.Result?.Way)
            .Duration("paused", answer => (long?)answer.Result?.PausedFor.TotalNanoseconds)
            .Records("tracepoints", answer => answer.Tracepoints, () => s_change)
            .Records("writes", answer => answer.Writes, () => TracepointWriteRow.Shape);

    /// <summary>The names of the tracepoints that have no place in the kernel's code, and so are never hit.</summary>
    public IEnumerable<string> NeverHit =>
        Tracepoints.Where(change => change.Sites == 0).Select(change => change.Before.Name).Distinct();

    /// <summary>The answer as a sentence.</summary>
    public string Sentence
    {
        get
        {
            string count = Count(Tracepoints.Count, "tracepoint");
            string state = IsEnabled ? "enabled" : "disabled";
            if (Writes.Count == 0)
                return $"{count} {Verb(Tracepoints.Count)} {state} already: nothing is written";

            int code = Writes.Count(row => row.Write.IsCode);
            string parts = (Writes.Count - code, code) switch
            {
                (0, _) => Count(code, "instruction"),
                (_, 0) => Count(Writes.Count, "flag"),
                var (flags, _) => $"{Count(flags, "flag")} and {Count(code, "instruction")}",
            };
            if (Result is null)
                return $"{count} can be {state} by writing {parts}";

            string paused =
                Result.PausedFor > TimeSpan.Zero
                    ? string.Create(
                        CultureInfo.InvariantCulture,
                        $"; the guest was paused for {Result.PausedFor.TotalMilliseconds:F1} ms"
                    )
                    : "";
            return $"{count} {Verb(Tracepoints.Count)} {state}: wrote {parts} by way of {Result.Way}{paused}";
        }
    }

    /// <summary>Finds what is to be written. Nothing is.</summary>
    /// <exception cref="TargetException">
    /// The system has no such tracepoints, has not allocated buffers for samples, or is not understood.
    /// </exception>
    public static TracepointSwitchAnswer Plan(
        GuestSession session,
        GuestTracepointRequest request,
        out GuestPatch patch,
        CancellationToken cancellation
    )
    {
        ArgumentNullException.ThrowIfNull(session);
        GuestTracepointPlan plan = session
            .RequireAbility<IGuestTracepointSwitches>("its tracepoints can't be switched")
            .PlanTracepoints(session.Kernel, request, cancellation);
        patch = new GuestPatch(session, plan.Writes, plan.Guards);
        AddressSpace space = session.Os.GetKernelSpace(session.Vcpu.Space);
        return new TracepointSwitchAnswer(
            request.IsEnabled,
            plan.Changes,
            [
                .. plan.Writes.Select(write => new TracepointWriteRow(
                    write,
                    GuestPatch.Translate(space, write.Address, write.Before.Length)
                )),
            ],
            null
        );
    }

    private static string Count(int count, string noun) => count == 1 ? $"1 {noun}" : $"{count} {noun}s";

    private static string Verb(int count) => count == 1 ? "is" : "are";
}
