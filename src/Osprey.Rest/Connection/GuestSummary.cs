namespace Osprey.Rest.Connection;

/// <summary>The guest that answers, for the head of a status.</summary>
/// <param name="Url">The address at which it answers.</param>
/// <param name="OsVersion">
/// OSv's version, such as <c>v0.57.0-398-g0e34e4dc</c>; null when the server does not say.
/// </param>
/// <param name="ProcessorCount">The number of its CPUs; null when the server does not say.</param>
public sealed record GuestSummary(string Url, string? OsVersion, int? ProcessorCount);
