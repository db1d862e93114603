namespace Osprey.Target.Memory;

/// <summary>
/// The address space of a program, with the kernel that its page tables lack: in user mode they may have none of it.
/// </summary>
/// <remarks>
/// The kernel's own tables map the program's memory too, but with other permissions; so they count for addresses of the
/// upper half only, and only where the program's tables have nothing.
/// </remarks>
/// <param name="program">The tables of the program.</param>
/// <param name="kernel">The tables that have all of the kernel.</param>
internal sealed class KernelHalfTranslator(IAddressTranslator program, IAddressTranslator kernel) : IAddressTranslator
{
    public bool TryTranslate(ulong address, out Translation translation) =>
        program.TryTranslate(address, out translation)
        || (IsUpperHalf(address) && kernel.TryTranslate(address, out translation));

    /// <summary>Tells whether an address is of the half that belongs to kernels.</summary>
    internal static bool IsUpperHalf(ulong address) => address >> 63 != 0;
}
