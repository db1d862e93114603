namespace Osprey.Target.Memory;

/// <summary>A range of a guest's physical memory that can be read without side effects.</summary>
/// <param name="Start">Its first byte.</param>
/// <param name="Size">Its size in bytes.</param>
/// <param name="Kind">What kind of memory it is.</param>
/// <param name="Name">What QEMU calls it, such as "pc.ram"; empty when that is not known.</param>
public sealed record MemoryBlock(PhysicalAddress Start, ulong Size, MemoryBlockKind Kind, string Name)
{
    /// <summary>The first byte behind it.</summary>
    public PhysicalAddress End => new(Start.Value + Size);
}
