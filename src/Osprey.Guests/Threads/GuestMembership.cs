namespace Osprey.Guests.Threads;

/// <summary>What a thread belongs to.</summary>
/// <param name="ControlGroup">The path of its control group; null when it is in none that can be read.</param>
/// <param name="Namespaces">Its namespaces; empty when it has none any more, as one that ended.</param>
public sealed record GuestMembership(string? ControlGroup, IReadOnlyList<GuestNamespace> Namespaces);
