namespace Osprey.Probes.Tracing.Uprobes;

/// <summary>Takes a record of the kernel.</summary>
/// <param name="type">Its type.</param>
/// <param name="content">What is behind its header.</param>
internal delegate void PerfRecordTaker(uint type, ReadOnlySpan<byte> content);
