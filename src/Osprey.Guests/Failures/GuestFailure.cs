namespace Osprey.Guests.Failures;

/// <summary>The kernel of a guest gave up, or met an error of its own.</summary>
/// <param name="Message">The words that it gave up with; null when they can't be read, or it said none.</param>
public sealed record GuestFailure(string? Message)
{
    /// <summary>True when the kernel gave up; false when it ended only what it was doing, and went on.</summary>
    public bool IsFatal { get; init; } = true;

    /// <summary>The lines that the kernel wrote about it, the first line first; none when it keeps none.</summary>
    public IReadOnlyList<string> Report { get; init; } = [];
}
