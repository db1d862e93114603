namespace Osprey.Rest.Tracepoints;

/// <summary>What starting or stopping the sampler did.</summary>
/// <param name="Frequency">Samples a second on each CPU; 0 when it was stopped.</param>
/// <param name="PeriodNanoseconds">Time between two samples as the guest rounds it; null when it was stopped.</param>
/// <param name="Reply">The guest's own words.</param>
public sealed record SamplerChange(int Frequency, long? PeriodNanoseconds, string Reply);
