using Osprey.Target;

namespace Osprey.Guests.Devices;

/// <summary>An operating system whose drivers of paravirtual devices can be looked into from outside.</summary>
/// <remarks>A front end asks for it with <see langword="is"/> on the <see cref="IGuestOs"/>.</remarks>
public interface IGuestDevices
{
    /// <summary>Lists the virtio devices with their queues. The walk is bounded.</summary>
    /// <exception cref="TargetException">The kernel is not known, or has no such drivers.</exception>
    GuestList<GuestDevice> ReadVirtioDevices(GuestKernel kernel, CancellationToken cancellation);
}
