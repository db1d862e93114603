namespace Osprey.Rest.Connection;

/// <summary>Why a request to a guest's REST server gave no answer, and what the user can try.</summary>
/// <remarks>
/// The only exception of this folder besides <see cref="OperationCanceledException"/> for the caller's own token.
/// </remarks>
public sealed class GuestRestException : Exception
{
    /// <param name="problem">The kind of failure.</param>
    /// <param name="finding">What happened, on one line where that is possible.</param>
    /// <param name="advice">What to try; null when the finding says it all.</param>
    /// <param name="inner">The failure underneath, for a debugger; its text is not part of the message.</param>
    public GuestRestException(GuestRestProblem problem, string finding, string? advice = null, Exception? inner = null)
        : base(advice is null ? finding : $"{finding}\n{advice}", inner)
    {
        Problem = problem;
        Finding = finding;
        Advice = advice;
    }

    /// <summary>The kind of failure.</summary>
    public GuestRestProblem Problem { get; }

    /// <summary>What happened. <see cref="Exception.Message"/> is this, and the advice on the next line.</summary>
    public string Finding { get; }

    /// <summary>What to try; null when there is nothing to add.</summary>
    public string? Advice { get; }

    /// <summary>The same failure with more said about it.</summary>
    internal GuestRestException With(string finding) => new(Problem, finding, Advice, this);
}
