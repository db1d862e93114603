using Osprey.Guests.Modules;
using Osprey.Target;

namespace Osprey.Guests.ThreadLocals;

/// <summary>An operating system that knows where the thread-local variables of each loaded file are.</summary>
/// <remarks>
/// A front end asks for it with <see langword="is"/> on the <see cref="IGuestOs"/>. Those of the kernel are found by
/// <see cref="IGuestOs.FindThreadLocals"/>.
/// </remarks>
public interface IGuestThreadLocals
{
    /// <summary>Finds the thread-local variables of a loaded file.</summary>
    /// <param name="kernel">The kernel.</param>
    /// <param name="loaded">The loaded file.</param>
    /// <param name="threadPointer">The thread pointer of the thread, while its kernel code runs.</param>
    /// <returns>
    /// Null when the file has none, or the thread pointer or the file does not lead to what is understood.
    /// </returns>
    /// <exception cref="TargetException">The kernel is not known.</exception>
    GuestThreadLocals? FindThreadLocals(GuestKernel kernel, GuestObject loaded, ulong threadPointer);
}
