namespace Osprey.Guests.Failures;

/// <summary>The kernel of a guest gave up.</summary>
/// <param name="Message">The words that it gave up with; null when they can't be read, or it said none.</param>
public sealed record GuestFailure(string? Message);
