namespace Osprey.Target.Memory;

/// <summary>
/// Physical memory that lies in this process, as a mapped file does: it can be looked at without a copy.
/// </summary>
public interface IMappedMemory : IPhysicalMemory
{
    /// <summary>The bytes at <paramref name="address"/>, where they lie. Thread-safe, unlike reading.</summary>
    /// <returns>
    /// At most <paramref name="maxLength"/> bytes; fewer where what is mapped in one piece ends; none where nothing is.
    /// </returns>
    ReadOnlySpan<byte> GetMapped(PhysicalAddress address, int maxLength);
}
