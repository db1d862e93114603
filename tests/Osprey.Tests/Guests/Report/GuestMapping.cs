namespace Osprey.Tests.Guests.Report;

/// <summary>A line of /proc/PID/maps.</summary>
/// <param name="Space">Which address space.</param>
/// <param name="Start">Its first address.</param>
/// <param name="End">The first address behind it.</param>
/// <param name="Permissions">As "r-xp".</param>
/// <param name="Name">The file, or a name such as "[stack]"; empty when there is none.</param>
internal sealed record GuestMapping(int Space, ulong Start, ulong End, string Permissions, string Name)
{
    /// <summary>
    /// Whether a CPU in user mode finds its pages: pages without any permission are marked not present.
    /// </summary>
    public bool IsAccessible => !Permissions.StartsWith("---", StringComparison.Ordinal);
}
