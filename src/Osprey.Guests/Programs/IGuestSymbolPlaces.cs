namespace Osprey.Guests.Programs;

/// <summary>
/// A system with symbols whose addresses hold something else than what they name: parts of the image that the kernel
/// gave back, variables that each CPU has a copy of.
/// </summary>
public interface IGuestSymbolPlaces
{
    /// <summary>Says what is odd about the place that a symbol of the kernel's tells.</summary>
    /// <param name="kernel">The kernel.</param>
    /// <param name="address">The address.</param>
    /// <returns>
    /// A part of a sentence whose subject is the symbol, such as "was given back"; null when nothing is odd about it,
    /// or the kernel does not tell.
    /// </returns>
    string? DescribePlace(GuestKernel kernel, ulong address);
}
