namespace Osprey.Target.Memory;

/// <summary>Facts of a PC's physical memory, for inputs that tell RAM from nothing else.</summary>
/// <remarks>
/// The chipset's layout (QEMU: hw/i386/pc.c): the highest 256 MiB below 4 GiB hold memory of devices, as of a graphics
/// card, interrupt controllers and firmware, never RAM. From 640 KiB to 1 MiB there is RAM, too, which parts of are
/// hidden behind devices and firmware.
/// </remarks>
internal static class PcMemory
{
    private const ulong DevicesStart = 0xf000_0000;
    private const ulong DevicesEnd = 1UL << 32;
    private const ulong HiddenStart = 0xa_0000;
    private const ulong HiddenEnd = 0x10_0000;

    /// <summary>Tells whether a block is of a device or firmware by its address.</summary>
    public static bool IsOfDevice(MemoryBlock block) =>
        block.Start.Value >= DevicesStart && block.Start.Value < DevicesEnd;

    /// <summary>
    /// The bytes between 640 KiB and 1 MiB that no block has; 0 unless there are blocks on both sides of them.
    /// </summary>
    public static ulong GetHidden(IReadOnlyList<MemoryBlock> blocks)
    {
        bool isBelow = false;
        bool isAbove = false;
        ulong hidden = HiddenEnd - HiddenStart;
        foreach (MemoryBlock block in blocks)
        {
            isBelow |= block.Start.Value == 0 && block.End.Value >= HiddenStart;
            isAbove |= block.Start.Value <= HiddenEnd && block.End.Value > HiddenEnd;
            ulong from = Math.Max(block.Start.Value, HiddenStart);
            ulong to = Math.Min(block.End.Value, HiddenEnd);
            hidden -= from < to ? Math.Min(hidden, to - from) : 0;
        }

        return isBelow && isAbove ? hidden : 0;
    }
}
