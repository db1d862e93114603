using Osprey.Target;

namespace Osprey.Guests.Kernels;

/// <summary>An operating system whose kernel keeps its command line.</summary>
/// <remarks>A front end asks for it with <see langword="is"/> on the <see cref="IGuestOs"/>.</remarks>
public interface IGuestCommandLine
{
    /// <summary>Reads the command line that the kernel was started with.</summary>
    /// <exception cref="TargetException">The kernel is not known, or keeps none.</exception>
    string ReadCommandLine(GuestKernel kernel);
}
