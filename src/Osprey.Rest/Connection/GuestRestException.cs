namespace Osprey.Rest.Connection;

/// <summary>A request to a guest's REST server failed: says why, and what the user can try.</summary>
/// <remarks>
/// The client throws nothing else, except <see cref="OperationCanceledException"/> when the caller's own token ends a
/// request.
/// </remarks>
public sealed class GuestRestException : Exception
{
    /// <summary>Makes an exception whose message is the finding, and the advice on a second line.</summary>
    /// <param name="problem">The kind of failure.</param>
    /// <param name="finding">The text that says what happened, if possible on one line.</param>
    /// <param name="advice">The text that says what to try; null when the finding says enough.</param>
    /// <param name="inner">The exception that caused this one, for a debugger; its text is not shown.</param>
    public GuestRestException(GuestRestProblem problem, string finding, string? advice = null, Exception? inner = null)
        : base(advice is null ? finding : $"{finding}\n{advice}", inner)
    {
        Problem = problem;
        Finding = finding;
        Advice = advice;
    }

    /// <summary>The kind of failure.</summary>
    public GuestRestProblem Problem { get; }

    /// <summary>The reason, where an option of the front end helps; the front end words that advice itself.</summary>
    public GuestRestReason Reason { get; init; }

    /// <summary>
    /// The number of tracepoints that the guest has, for <see cref="GuestRestReason.NoSuchTracepoint"/>; null when it
    /// is not known.
    /// </summary>
    public int? TracepointCount { get; init; }

    /// <summary>The text that says what happened: <see cref="Exception.Message"/> without the advice.</summary>
    public string Finding { get; }

    /// <summary>
    /// The advice that holds for every front end; null when there is none. Names no option of any front end: see
    /// <see cref="Reason"/>.
    /// </summary>
    public string? Advice { get; }

    /// <summary>Makes an exception for the same failure with another finding, which says more.</summary>
    internal GuestRestException With(string finding) =>
        new(Problem, finding, Advice, this) { Reason = Reason, TracepointCount = TracepointCount };
}
