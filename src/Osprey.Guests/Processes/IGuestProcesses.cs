using Osprey.Guests.Threads;
using Osprey.Target;
using Osprey.Target.Architectures;
using Osprey.Target.Memory;

namespace Osprey.Guests.Processes;

/// <summary>An operating system with processes, whose memory and files can be read from outside.</summary>
/// <remarks>A front end asks for it with <see langword="is"/> on the <see cref="IGuestOs"/>.</remarks>
public interface IGuestProcesses
{
    /// <summary>
    /// Lists the mappings of a process's memory, lowest address first. The walk is bounded, and repeated where the
    /// guest changed the list meanwhile.
    /// </summary>
    /// <param name="kernel">The kernel.</param>
    /// <param name="thread">A thread of the process.</param>
    /// <param name="cancellation">Ends the walk.</param>
    /// <exception cref="TargetException">
    /// The thread is the kernel's own or ended, so that it has no memory; or the kernel is not known.
    /// </exception>
    GuestList<GuestProcessMapping> ReadMaps(
        GuestKernel kernel,
        GuestThreadState thread,
        CancellationToken cancellation
    );

    /// <summary>
    /// Lists the files of a process: its directories and its program, then what it has open, by number. The walk is
    /// bounded.
    /// </summary>
    /// <param name="kernel">The kernel.</param>
    /// <param name="thread">A thread of the process.</param>
    /// <param name="cancellation">Ends the walk.</param>
    /// <exception cref="TargetException">The thread ended, so that it has none; or the kernel is not known.</exception>
    GuestList<GuestOpenFile> ReadFiles(GuestKernel kernel, GuestThreadState thread, CancellationToken cancellation);

    /// <summary>Finds the page tables of a process.</summary>
    /// <param name="kernel">The kernel.</param>
    /// <param name="thread">A thread of the process.</param>
    /// <param name="space">The kernel's address space.</param>
    /// <exception cref="TargetException">
    /// The thread is the kernel's own or ended, so that it has no memory; or they can't be found.
    /// </exception>
    PhysicalAddress GetProcessTables(GuestKernel kernel, GuestThreadState thread, AddressSpace space);

    /// <summary>Finds the registers that a thread's program had when it entered the kernel.</summary>
    /// <param name="kernel">The kernel.</param>
    /// <param name="thread">The thread.</param>
    /// <returns>Null when it has no program, or they are not where they should be.</returns>
    RegisterSet? FindUserRegisters(GuestKernel kernel, GuestThreadState thread);

    /// <summary>Opens the file of a mapping, as far as the guest has its pages in memory.</summary>
    /// <param name="kernel">The kernel.</param>
    /// <param name="mapping">The mapping.</param>
    /// <returns>Null when no file is mapped, or the guest's cache of files is not understood.</returns>
    IGuestFile? OpenMappedFile(GuestKernel kernel, GuestProcessMapping mapping);

    /// <summary>Explains why a page of a process is not in memory.</summary>
    /// <param name="kernel">The kernel.</param>
    /// <param name="thread">A thread of the process.</param>
    /// <param name="address">The address.</param>
    /// <param name="entry">The last entry that was found in the page tables for it; null when it can't be read.</param>
    /// <returns>A part of a sentence; null when there is nothing to add.</returns>
    string? ExplainMissingPage(GuestKernel kernel, GuestThreadState thread, ulong address, ulong? entry);
}
