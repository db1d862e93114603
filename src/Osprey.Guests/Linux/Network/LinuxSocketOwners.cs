using Osprey.Guests.Linux.Files;
using Osprey.Guests.Linux.Processes;
using Osprey.Guests.Network;
using Osprey.Guests.Threads;
using Osprey.Target.Memory;

namespace Osprey.Guests.Linux.Network;

/// <summary>Finds the processes that have sockets open, by their tables of files.</summary>
internal static class LinuxSocketOwners
{
    private const ulong KindMask = 0xf000; // S_IFMT
    private const ulong Socket = 0xc000; // S_IFSOCK

    /// <summary>Finds the users of all sockets, by inode number.</summary>
    /// <param name="kernel">The kernel.</param>
    /// <param name="threads">All threads.</param>
    /// <param name="cancellation">Ends the search.</param>
    public static ILookup<ulong, GuestSocketUser> Find(
        GuestKernel kernel,
        GuestThreadList threads,
        CancellationToken cancellation
    )
    {
        IMemoryReader memory = kernel.Values.Memory;
        var members = new LinuxTaskMembers(kernel);
        var table = new LinuxFileTable(kernel);
        LinuxField inode = new LinuxStruct(kernel, "struct file").Require("f_inode");
        var layout = new LinuxStruct(kernel, "struct inode");
        LinuxField number = layout.Require("i_ino");
        LinuxField mode = layout.Require("i_mode");
        var inodes = new Dictionary<ulong, ulong?>(); // by file: what processes share is read once
        var users = new List<(ulong Inode, GuestSocketUser User)>();
        foreach (GuestThreadState thread in threads.Threads.Where(item => item.Id == item.ProcessId && item.Id != 0))
        {
            cancellation.ThrowIfCancellationRequested();
            ulong files = thread.IsKernel == true ? 0 : members.Files.Read(memory, thread.Address) ?? 0;
            if (files == 0)
                continue;

            foreach ((int fd, ulong file, _) in table.Enumerate(files, _ => { }))
            {
                if (!inodes.TryGetValue(file, out ulong? found))
                    inodes[file] = found = ReadSocket(file);

                if (found is { } socket)
                    users.Add((socket, new GuestSocketUser(thread.Id, thread.Name, fd)));
            }
        }

        return users.ToLookup(item => item.Inode, item => item.User);

        ulong? ReadSocket(ulong file) =>
            LinuxStruct.IsKernelAddress(file)
            && inode.Read(memory, file) is { } node
            && layout.TryCopy(node, out ReadOnlySpan<byte> copy)
            && (mode.Get(copy) & KindMask) == Socket
                ? number.Get(copy)
                : null;
    }
}
