using Osprey.Binary;
using Osprey.Target;

namespace Osprey.Session.Guests;

/// <summary>The ways to a guest for programs that use Osprey as a library.</summary>
/// <remarks>
/// Nothing is printed, and no file is looked for in the current folder. The guest is left as it was found when the
/// session is disposed of.
/// </remarks>
public static class Guest
{
    /// <summary>Reaches a guest that runs under QEMU on this host.</summary>
    /// <param name="nameOrPid">The guest's name or its QEMU's process id; null for the only guest there is.</param>
    /// <param name="settings">Everything but the guest; null for the defaults.</param>
    /// <exception cref="TargetException">There is no such guest, there are several, or it can't be reached.</exception>
    public static GuestSession Attach(string? nameOrPid = null, GuestSettings? settings = null)
    {
        if (nameOrPid is null)
            return Open(TargetSpec.Any, settings);

        ArgumentException.ThrowIfNullOrEmpty(nameOrPid);
        return Open(new TargetSpec(TargetSpecKind.Process, nameOrPid), settings);
    }

    /// <summary>Opens a core file of a guest.</summary>
    /// <param name="corePath">The file: ELF or kdump.</param>
    /// <param name="settings">Everything but the guest; null for the defaults.</param>
    /// <exception cref="TargetException">The file is not of a guest that Osprey knows.</exception>
    /// <exception cref="BadDataException">The file is malformed.</exception>
    /// <exception cref="IOException">The file can't be opened.</exception>
    public static GuestSession Open(string corePath, GuestSettings? settings = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(corePath);
        return Open(new TargetSpec(TargetSpecKind.CoreFile, corePath), settings);
    }

    private static GuestSession Open(TargetSpec target, GuestSettings? settings) =>
        GuestSession.Open((settings ?? new GuestSettings()) with { Target = target });
}
