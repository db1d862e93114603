using Osprey.Probes.Values;

namespace Osprey.Probes.Tracing;

/// <summary>Finds the callers of a thread that hit a probe.</summary>
public interface IStackWalker
{
    /// <summary>Adds the return addresses, innermost first.</summary>
    /// <param name="pc">Where the thread is.</param>
    /// <param name="state">Its registers and memory.</param>
    /// <param name="addresses">Receives them.</param>
    void Walk(ulong pc, IProbeState state, List<ulong> addresses);
}
