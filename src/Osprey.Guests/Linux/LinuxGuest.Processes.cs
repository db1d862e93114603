using Osprey.Guests.FileSystems;
using Osprey.Guests.Linux.Files;
using Osprey.Guests.Linux.Processes;
using Osprey.Guests.Linux.Stacks;
using Osprey.Guests.Processes;
using Osprey.Guests.Threads;
using Osprey.Target;
using Osprey.Target.Architectures;
using Osprey.Target.Memory;

namespace Osprey.Guests.Linux;

/// <content>Processes: their memory, files and mounts.</content>
internal sealed partial class LinuxGuest : IGuestProcesses, IGuestMounts
{
    public GuestList<GuestProcessMapping> ReadMaps(
        GuestKernel kernel,
        GuestThreadState thread,
        CancellationToken cancellation
    ) => LinuxMaps.Read(kernel, thread, cancellation);

    public GuestList<GuestOpenFile> ReadFiles(
        GuestKernel kernel,
        GuestThreadState thread,
        CancellationToken cancellation
    ) => LinuxProcessFiles.Read(kernel, thread, cancellation);

    public GuestList<GuestMount> ReadMounts(
        GuestKernel kernel,
        GuestThreadState thread,
        CancellationToken cancellation
    ) => LinuxMounts.Read(kernel, thread, cancellation);

    public PhysicalAddress GetProcessTables(GuestKernel kernel, GuestThreadState thread, AddressSpace space)
    {
        var members = new LinuxTaskMembers(kernel);
        _ = members.Get(thread, members.Memory, "memory");
        return FindProcessTables(kernel, thread, space)
            ?? throw new TargetException(
                TargetProblem.PageTablesUnknown,
                $"the page tables of task {thread.Label} can't be found"
            );
    }

    public RegisterSet? FindUserRegisters(GuestKernel kernel, GuestThreadState thread) =>
        thread.IsKernel == true ? null : LinuxUserRegisters.Read(kernel, thread);

    public IGuestFile? OpenMappedFile(GuestKernel kernel, GuestProcessMapping mapping)
    {
        try
        {
            return mapping.Inode == 0 ? null : LinuxPageCache.TryCreate(kernel)?.Open(mapping.Address);
        }
        catch (TargetException)
        {
            return null; // a kernel whose types for it are others
        }
    }

    public string? ExplainMissingPage(GuestKernel kernel, GuestThreadState thread, ulong address, ulong? entry) =>
        LinuxMissingPage.Explain(kernel, thread, address, entry);
}
