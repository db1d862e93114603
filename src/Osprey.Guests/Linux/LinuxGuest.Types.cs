using Osprey.Guests.Linux.Types;
using Osprey.Guests.Programs;

namespace Osprey.Guests.Linux;

/// <content>The types that the kernel describes in memory: its own, and those of its modules.</content>
internal sealed partial class LinuxGuest : IGuestTypes, IGuestModuleTypes, IGuestVariableTypes
{
    public GuestKernelTypes? FindTypes(Func<string, ulong?> findSymbol) =>
        _machine.TryGetSpace() is { } space
            ? KernelBtf.Find(GetOwnSpace(space).Memory, Identity.KernelAddress, findSymbol)
            : null;

    public GuestList<GuestKernelTypes> FindModuleTypes(GuestKernel kernel, GuestKernelTypes own) =>
        ModuleBtf.Find(kernel, own);

    public string? FindVariableType(string name) => LinuxVariableTypes.Find(name);
}
