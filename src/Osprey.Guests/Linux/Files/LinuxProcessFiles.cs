using Osprey.Guests.Linux.Processes;
using Osprey.Guests.Processes;
using Osprey.Guests.Threads;
using Osprey.Target;
using Osprey.Target.Memory;

namespace Osprey.Guests.Linux.Files;

/// <summary>Lists what a process has open, as <c>/proc/PID/fd</c> and <c>fdinfo</c> have it.</summary>
internal static class LinuxProcessFiles
{
    /// <summary>Lists it.</summary>
    /// <exception cref="TargetException">The task has no files, or the kernel is not known.</exception>
    public static GuestList<GuestOpenFile> Read(
        GuestKernel kernel,
        GuestThreadState thread,
        CancellationToken cancellation
    )
    {
        var members = new LinuxTaskMembers(kernel);
        var table = new LinuxFileTable(kernel);
        return GuestWalk<GuestOpenFile>.Read(
            kernel,
            walk =>
            {
                var reader = new LinuxFileReader(kernel);
                ulong files = members.Get(thread, members.Files, "files");
                AddDirectories(kernel, walk, reader, members.Get(thread, members.Directories, "directory"));
                AddProgram(kernel, walk, reader, members.Memory.Read(kernel.Values.Memory, thread.Address) ?? 0);
                foreach ((int number, ulong file, bool isClosed) in table.Enumerate(files, walk.AddDefect))
                {
                    if (Describe(reader.Read(file), number, "open", isClosed) is { } open)
                        walk.Add(open);
                    else
                        walk.AddDefect($"file {number} can't be read, or is none");
                }
            },
            cancellation,
            () =>
            {
                ulong files = members.Get(thread, members.Files, "files");
                return (files, table.Find(files));
            },
            "the process opened or closed files during each of the walks"
        );
    }

    private static void AddDirectories(
        GuestKernel kernel,
        GuestWalk<GuestOpenFile> walk,
        LinuxFileReader reader,
        ulong place
    )
    {
        var layout = new LinuxStruct(kernel, "struct fs_struct");
        foreach ((string role, string member) in new[] { ("cwd", "pwd"), ("root", "root") })
        {
            LinuxField mount = layout.Require(member, "mnt");
            LinuxField entry = layout.Require(member, "dentry");
            LinuxPath? path = layout.TryCopy(place, out ReadOnlySpan<byte> copy)
                ? reader.Paths.Build(mount.Get(copy) ?? 0, entry.Get(copy) ?? 0)
                : null;
            if (path is { } found)
                walk.Add(new GuestOpenFile(null, role, null, found.Text) { Kind = "directory" });
            else
                walk.AddDefect($"the process's directory ({role}) can't be read");
        }
    }

    private static void AddProgram(
        GuestKernel kernel,
        GuestWalk<GuestOpenFile> walk,
        LinuxFileReader reader,
        ulong space
    )
    {
        IMemoryReader memory = kernel.Values.Memory;
        ulong? program =
            space == 0 ? null : LinuxField.Find(kernel.Values, "struct mm_struct", "exe_file")?.Read(memory, space);
        if (program is > 0 && reader.Read(program.Value) is { } file)
            walk.Add(
                Describe(file, null, "exe", isClosed: false)! with
                {
                    Mode = null,
                    Flags = [],
                    FlagBits = null,
                    Position = null,
                }
            );
    }

    private static GuestOpenFile? Describe(LinuxFile? file, int? number, string role, bool isClosed)
    {
        if (file is null)
            return null;

        ulong flags = (file.Flags & ~LinuxFileFlags.CloseOnExec) | (isClosed ? LinuxFileFlags.CloseOnExec : 0);
        return new GuestOpenFile(number, role, file.Address, file.Path)
        {
            Kind = file.Kind,
            Mode = LinuxFileFlags.DescribeMode(flags),
            Flags = LinuxFileFlags.List(flags),
            FlagBits = flags,
            Position = file.Position,
            Device = file.Device is { } device ? LinuxDevice.Format(device) : null,
            Inode = file.Inode,
        };
    }
}
