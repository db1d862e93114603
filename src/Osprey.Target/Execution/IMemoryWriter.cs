using Osprey.Target.Memory;

namespace Osprey.Target.Execution;

/// <summary>Writes a guest's memory: an ability that a guest has only when the user allowed it.</summary>
public interface IMemoryWriter
{
    /// <summary>Writes bytes, all of them or, when not all of the range is RAM, none.</summary>
    /// <param name="address">The first byte's address.</param>
    /// <param name="bytes">The bytes.</param>
    /// <exception cref="TargetException">
    /// Not all of the range is RAM, the guest runs where it must be stopped, or it can't be reached any more.
    /// </exception>
    void Write(PhysicalAddress address, ReadOnlySpan<byte> bytes);
}
