using Osprey.Target;

namespace Osprey.Guests.Kernels;

/// <summary>An operating system whose kernel keeps the options that it was built with.</summary>
/// <remarks>A front end asks for it with <see langword="is"/> on the <see cref="IGuestOs"/>.</remarks>
public interface IGuestConfiguration
{
    /// <summary>Reads the options that the kernel was built with, line by line.</summary>
    /// <exception cref="TargetException">The kernel is not known, or keeps none.</exception>
    IReadOnlyList<string> ReadConfiguration(GuestKernel kernel);
}
