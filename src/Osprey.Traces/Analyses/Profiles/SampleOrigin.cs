using System.Buffers.Binary;
using Osprey.Traces.Model;

namespace Osprey.Traces.Analyses.Profiles;

/// <summary>The origin of a sample, which is kept of an entry until its exit.</summary>
/// <param name="Thread">Address of the thread.</param>
/// <param name="ThreadName">The thread's name field.</param>
/// <param name="Cpu">Number of the CPU.</param>
/// <param name="Tracepoint">Index of the tracepoint.</param>
public readonly record struct SampleOrigin(ulong Thread, UInt128 ThreadName, uint Cpu, int Tracepoint)
{
    /// <summary>The origin of a sample.</summary>
    internal static SampleOrigin Of(in TraceEvent sample) =>
        new(
            sample.Thread,
            BinaryPrimitives.ReadUInt128LittleEndian(sample.ThreadNameField),
            sample.Cpu,
            sample.Tracepoint
        );
}
