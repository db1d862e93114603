namespace Osprey.Target.Memory;

/// <summary>A guest-physical address. Never converts by itself to or from a virtual one.</summary>
/// <param name="Value">Bytes from the start of the guest's physical address space.</param>
public readonly record struct PhysicalAddress(ulong Value)
{
    /// <inheritdoc/>
    public override string ToString() => $"0x{Value:x}";
}
