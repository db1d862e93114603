using Osprey.Target;

namespace Osprey.Guests.Interrupts;

/// <summary>An operating system whose interrupts can be listed from outside.</summary>
/// <remarks>A front end asks for it with <see langword="is"/> on the <see cref="IGuestOs"/>.</remarks>
public interface IGuestInterrupts
{
    /// <summary>Lists the interrupts with their counts and handlers. The walk is bounded.</summary>
    /// <exception cref="TargetException">The kernel is not known, or not understood.</exception>
    GuestList<GuestInterrupt> ReadInterrupts(GuestKernel kernel, CancellationToken cancellation);
}
