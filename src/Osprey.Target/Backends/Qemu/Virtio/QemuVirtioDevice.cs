namespace Osprey.Target.Backends.Qemu.Virtio;

/// <summary>A virtio device, as QEMU keeps it.</summary>
/// <param name="Kind">QEMU's name of its kind, such as "virtio-net".</param>
/// <param name="Path">Its path in QEMU's object tree.</param>
/// <param name="IsStarted">Whether the guest's driver has set it up.</param>
/// <param name="Features">
/// The specification's names of the features that the driver took, as far as QEMU names them.
/// </param>
/// <param name="Queues">The queues that the driver has set up, by number.</param>
public sealed record QemuVirtioDevice(
    string Kind,
    string Path,
    bool IsStarted,
    IReadOnlySet<string> Features,
    IReadOnlyList<QemuVirtqueue> Queues
)
{
    /// <summary>The number of queues that the device has, set up or not.</summary>
    public int QueueCount { get; init; }

    /// <summary>
    /// The id that the device was given, such as "net0"; without one, QEMU's name for it: "device[1]".
    /// </summary>
    public string Name
    {
        get
        {
            string[] parts = Path.Split('/', StringSplitOptions.RemoveEmptyEntries);
            return parts.Length > 1 && parts[^1] == "virtio-backend" ? parts[^2] : parts.LastOrDefault(Kind);
        }
    }
}
