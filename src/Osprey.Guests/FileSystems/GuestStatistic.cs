namespace Osprey.Guests.FileSystems;

/// <summary>A number that a part of a guest's kernel keeps about itself.</summary>
/// <param name="Section">The group that it belongs to, in words.</param>
/// <param name="Name">Its name.</param>
/// <param name="Value">The number.</param>
/// <param name="IsSize">True when it is a number of bytes.</param>
/// <param name="Share">
/// The part that it is of <paramref name="Whole"/>, in percent; null when there is none, or the whole is 0.
/// </param>
/// <param name="Whole">The thing that the share is of, in words; null when there is none.</param>
public sealed record GuestStatistic(
    string Section,
    string Name,
    long Value,
    bool IsSize = false,
    double? Share = null,
    string? Whole = null
);
