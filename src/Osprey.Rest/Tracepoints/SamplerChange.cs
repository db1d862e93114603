namespace Osprey.Rest.Tracepoints;

/// <summary>The result of starting or stopping the sampler.</summary>
/// <param name="Frequency">The samples per second on each CPU; 0 when the sampler was stopped.</param>
/// <param name="PeriodNanoseconds">
/// The time between two samples in nanoseconds, as the guest rounds it; null when it was stopped.
/// </param>
/// <param name="Reply">The guest's own text.</param>
public sealed record SamplerChange(int Frequency, long? PeriodNanoseconds, string Reply);
