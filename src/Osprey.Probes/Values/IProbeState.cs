namespace Osprey.Probes.Values;

/// <summary>The state of a thread that has hit a probe.</summary>
public interface IProbeState
{
    /// <summary>Gets a general register; false when it is not known.</summary>
    /// <param name="number">Its DWARF number.</param>
    /// <param name="value">All its 64 bits.</param>
    bool TryGetRegister(int number, out ulong value);

    /// <summary>Gets the low 16 bytes of a vector register; false when they are not known.</summary>
    /// <param name="number">Its DWARF number.</param>
    /// <param name="bytes">Receives 16 bytes.</param>
    bool TryGetVector(int number, Span<byte> bytes);

    /// <summary>Gets the base of a segment; false when it is not known.</summary>
    /// <param name="name">fs or gs.</param>
    /// <param name="value">The base.</param>
    bool TryGetSegment(string name, out ulong value);

    /// <summary>Copies memory of the process.</summary>
    /// <returns>The bytes copied; fewer where nothing is mapped.</returns>
    int ReadMemory(ulong address, Span<byte> buffer);
}
