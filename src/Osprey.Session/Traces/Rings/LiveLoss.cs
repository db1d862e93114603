using Osprey.Traces.Rings;

namespace Osprey.Session.Traces.Rings;

/// <summary>
/// Samples of a running guest that were overwritten before they could be read, and when they were written.
/// </summary>
/// <param name="Cpu">
/// The CPU.
/// </param>
/// <param name="Loss">Their number and size.</param>
/// <param name="From">
/// The time of the CPU's last sample before them, in nanoseconds since boot; 0 when there is none.
/// </param>
/// <param name="To">The time of its first sample behind them.</param>
public readonly record struct LiveLoss(int Cpu, RingLoss Loss, ulong From, ulong To);
