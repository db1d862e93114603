namespace Osprey.Session.Answers;

/// <summary>The way from a question back to whoever asks: the wish to end early, and how far the work is.</summary>
/// <param name="Cancellation">Cancelled when the answer is no longer wanted.</param>
/// <param name="Progress">Told the work done so far, in bytes, now and then; null when nobody looks.</param>
public sealed record QuestionContext(CancellationToken Cancellation = default, IProgress<long>? Progress = null)
{
    /// <summary>A question that nobody watches and nobody ends.</summary>
    public static QuestionContext None { get; } = new();
}
