namespace Osprey.Guests.Programs;

/// <summary>An operating system whose kernel describes its own types in memory.</summary>
/// <remarks>A front end asks for it with <see langword="is"/> on the <see cref="IGuestOs"/>.</remarks>
public interface IGuestTypes
{
    /// <summary>Finds the description and reads it. It is searched for anew at each call.</summary>
    /// <param name="findSymbol">Gives the run-time address of a symbol; null when there is none.</param>
    /// <returns>Null when the kernel has none, or it can't be read whole.</returns>
    GuestKernelTypes? FindTypes(Func<string, ulong?> findSymbol);
}
