using Osprey.Target;

namespace Osprey.Guests.Memory;

/// <summary>An operating system that can record who allocated the memory that is in use.</summary>
/// <remarks>A front end asks for it with <see langword="is"/> on the <see cref="IGuestOs"/>.</remarks>
public interface IGuestAllocations
{
    /// <summary>Reads all allocations that were recorded and not freed since.</summary>
    /// <exception cref="TargetException">The kernel is not known, or was built without the record.</exception>
    GuestAllocationList ReadAllocations(GuestKernel kernel, CancellationToken cancellation);

    /// <summary>Finds the switch that turns the record on and off. Nothing is written.</summary>
    /// <exception cref="TargetException">The kernel is not known, or was built without the record.</exception>
    GuestSwitch FindAllocationSwitch(GuestKernel kernel);

    /// <summary>Tells whether a function is of the record itself, and so says nothing of who allocated.</summary>
    /// <param name="function">Its name, demangled.</param>
    bool IsRecorder(string function);
}
