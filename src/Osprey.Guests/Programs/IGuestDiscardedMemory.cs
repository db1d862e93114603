namespace Osprey.Guests.Programs;

/// <summary>A system whose kernel gives parts of its own image back, which its symbols still name.</summary>
public interface IGuestDiscardedMemory
{
    /// <summary>Says what became of the memory that a symbol of the kernel's names.</summary>
    /// <param name="kernel">The kernel.</param>
    /// <param name="address">The address.</param>
    /// <returns>
    /// A part of a sentence whose subject is the symbol, such as "was given back"; null when it is still the symbol's,
    /// or the kernel does not tell.
    /// </returns>
    string? DescribeDiscarded(GuestKernel kernel, ulong address);
}
