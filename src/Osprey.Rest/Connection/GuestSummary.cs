namespace Osprey.Rest.Connection;

/// <summary>Which guest answers: the head of a status.</summary>
/// <param name="Url">The address it answers at.</param>
/// <param name="OsVersion">
/// OSv's version, such as <c>v0.57.0-398-g0e34e4dc</c>; null when the server does not tell.
/// </param>
/// <param name="ProcessorCount">Its CPUs; null when the server does not tell.</param>
public sealed record GuestSummary(string Url, string? OsVersion, int? ProcessorCount);
