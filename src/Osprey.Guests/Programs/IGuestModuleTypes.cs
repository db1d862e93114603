namespace Osprey.Guests.Programs;

/// <summary>An operating system whose kernel describes the types of its modules in memory, beside its own.</summary>
/// <remarks>A front end asks for it with <see langword="is"/> on the <see cref="IGuestOs"/>.</remarks>
public interface IGuestModuleTypes
{
    /// <summary>Finds the descriptions of all modules that are loaded and have one, and reads them.</summary>
    /// <param name="kernel">The kernel.</param>
    /// <param name="own">The kernel's own types, on which those of modules build.</param>
    /// <returns>
    /// Each with the name of its module. What can't be read is a defect; a kernel that keeps none of modules gives
    /// none.
    /// </returns>
    GuestList<GuestKernelTypes> FindModuleTypes(GuestKernel kernel, GuestKernelTypes own);
}
