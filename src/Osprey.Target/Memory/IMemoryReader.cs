namespace Osprey.Target.Memory;

/// <summary>Reads a guest's memory by virtual address: the only way anything above a backend sees it.</summary>
public interface IMemoryReader
{
    /// <summary>Copies what can be read at <paramref name="address"/>; stops at the first byte that can't.</summary>
    /// <returns>The bytes copied, from the buffer's start. A short count is the answer, not an error.</returns>
    int Read(ulong address, Span<byte> buffer);
}
