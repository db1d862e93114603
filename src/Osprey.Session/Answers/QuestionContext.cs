namespace Osprey.Session.Answers;

/// <summary>The way from a question back to whoever asks: the wish to end early, and how far the work is.</summary>
/// <param name="Progress">Told the work done so far, in bytes, now and then; null when nobody looks.</param>
/// <param name="Cancellation">Cancelled when the answer is no longer wanted.</param>
public sealed record QuestionContext(IProgress<long>? Progress = null, CancellationToken Cancellation = default)
{
    /// <summary>A question that nobody watches and nobody ends.</summary>
    public static QuestionContext None { get; } = new();
}
