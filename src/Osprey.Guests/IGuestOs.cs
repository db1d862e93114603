using Osprey.Binary.Elf;
using Osprey.Guests.Programs;
using Osprey.Guests.Threads;
using Osprey.Symbols.Modules;
using Osprey.Symbols.Types;
using Osprey.Target.Architectures;
using Osprey.Target.Memory;
using Osprey.Values.Containers;

namespace Osprey.Guests;

/// <summary>
/// The operating system that runs in one guest: all that is particular to it, asked over the guest's memory and
/// registers.
/// </summary>
/// <remarks>
/// A system is a folder of this project with an implementation of this interface and a line in
/// <see cref="GuestSystems"/>. Nothing elsewhere asks which system it is. Abilities that only some systems have are
/// interfaces of their own, which callers ask for with <see langword="is"/>, such as <see cref="IGuestThreads"/>.
/// </remarks>
public interface IGuestOs
{
    /// <summary>Its name and version, the place of its kernel, and the signs that it was recognised by.</summary>
    GuestIdentity Identity { get; }

    /// <summary>
    /// The readers of library types that only this system's programs have; they are asked before the standard ones.
    /// </summary>
    IReadOnlyList<IContainerReader> ContainerReaders => [];

    /// <summary>Lists files that may be the kernel's ELF file, the most likely first; they need not exist.</summary>
    /// <param name="searchFolders">Folders that the front end wants to be searched, in this order.</param>
    IEnumerable<KernelCandidate> FindKernelFiles(IReadOnlyList<string> searchFolders);

    /// <summary>
    /// Gives the memories to compare an ELF file with, the best first. A later one is for a file of which the earlier
    /// ones can read nothing.
    /// </summary>
    /// <exception cref="Target.TargetException">It needs page tables, and none are known.</exception>
    IEnumerable<IMemoryReader> GetProgramMemories();

    /// <summary>Tells how far the kernel's ELF file was moved from the addresses that it is linked to.</summary>
    LoadBias GetKernelBias(ElfImage image);

    /// <summary>
    /// True when the kernel moved itself at random when it booted, so that its next boot has it elsewhere.
    /// </summary>
    bool MovesAtBoot => false;

    /// <summary>
    /// Tells what a user has to know about the answers for a file that was named; null when there is nothing.
    /// </summary>
    string? FindCaveat(ElfImage image) => null;

    /// <summary>Finds the kernel's page tables without a vCPU's registers.</summary>
    /// <param name="findSymbol">Gives the run-time address of a symbol; null when there is none.</param>
    /// <returns>Their physical address; null when the system keeps it nowhere, or it can't be read.</returns>
    ulong? FindPageTableRoot(Func<string, ulong?> findSymbol);

    /// <summary>
    /// Gives the address space that holds all of the kernel, for one that may lack it, such as that of a program in
    /// user mode; the same when it lacks nothing.
    /// </summary>
    AddressSpace GetKernelSpace(AddressSpace space);

    /// <summary>
    /// Gives the address space that the kernel has for itself, which stays while programs come and go: the page tables
    /// of a program that a vCPU was met in may be freed, and hold anything, before they are read. It may have no
    /// program's memory.
    /// </summary>
    /// <param name="space">The address space of a vCPU.</param>
    /// <returns>
    /// What <see cref="GetKernelSpace"/> gives where the system has no such tables, or they are not found.
    /// </returns>
    AddressSpace GetOwnSpace(AddressSpace space) => GetKernelSpace(space);

    /// <summary>Finds the thread pointer: the address of the running thread's control block.</summary>
    /// <param name="registers">Registers of a vCPU or of a thread that was switched out.</param>
    /// <param name="memory">Memory as that thread sees it.</param>
    /// <param name="kernelTypes">Debug info of the kernel; null when its file is not known.</param>
    /// <returns>Null when the registers do not lead to one.</returns>
    ulong? FindThreadPointer(RegisterSet registers, IMemoryReader memory, ITypeSource? kernelTypes);

    /// <summary>Finds the first byte of a program's block of thread-local variables for the running thread.</summary>
    /// <param name="program">The program: a kernel, or an executable that was linked by itself.</param>
    /// <param name="registers">Registers of a vCPU or of a thread that was switched out.</param>
    /// <param name="memory">Memory as that thread sees it.</param>
    /// <param name="kernelTypes">Debug info of the kernel; null when its file is not known.</param>
    /// <returns>Null when the program has no thread-locals, or the registers do not lead to them.</returns>
    ulong? FindThreadLocals(ElfImage program, RegisterSet registers, IMemoryReader memory, ITypeSource? kernelTypes);
}
