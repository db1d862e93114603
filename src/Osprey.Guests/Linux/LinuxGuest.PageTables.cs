using Osprey.Guests.Linux.PageTables;
using Osprey.Target.Memory;

namespace Osprey.Guests.Linux;

/// <content>The page tables that have all of the kernel.</content>
internal sealed partial class LinuxGuest
{
    /// <summary>A vCPU's tables may be gone while they are looked through, another time they are not.</summary>
    private const int MaxSearches = 3;

    private AddressSpace? _own;
    private int _searches;

    public AddressSpace GetKernelSpace(AddressSpace space) => PageTableIsolation.GetKernelSpace(space);

    public AddressSpace GetOwnSpace(AddressSpace space)
    {
        // While a guest boots again its tables are not filled yet.
        if (_own is not null && HasKernel(_own))
            return _own;

        AddressSpace kernel = GetKernelSpace(space);
        if (!_machine.IsSearchable || _machine.Program is not null || _searches >= MaxSearches)
            return kernel;

        _searches++;
        AddressSpace found = new KernelPageTableSearch(_machine.Memory).FindOwn(kernel, Identity.KernelPhysicalAddress);
        return ReferenceEquals(found, kernel) || !HasKernel(found) ? kernel : _own = found;
    }

    private bool HasKernel(AddressSpace space) =>
        space.Memory.TryTranslate(Identity.KernelAddress, out PhysicalAddress image)
        && image == Identity.KernelPhysicalAddress;
}
