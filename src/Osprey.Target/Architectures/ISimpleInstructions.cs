namespace Osprey.Target.Architectures;

/// <summary>Knows what the simplest instructions of an architecture do.</summary>
/// <remarks>
/// A vCPU that stands at a breakpoint must execute the instruction there before it can be let run. Emulating QEMUs
/// forget all code that they translated for a step, twice: some milliseconds. For these instructions it need not be
/// asked.
/// </remarks>
internal interface ISimpleInstructions
{
    /// <summary>Finds what an instruction will do; null when it is none of those that are known.</summary>
    /// <param name="registers">The vCPU's registers.</param>
    /// <param name="code">Memory at its program counter, at least the instruction where that can be read.</param>
    SimpleEffect? Find(RegisterSet registers, ReadOnlySpan<byte> code);
}
