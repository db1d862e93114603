using Osprey.Guests.Linux.Containers;
using Osprey.Guests.Linux.Files;
using Osprey.Guests.Processes;
using Osprey.Guests.Threads;
using Osprey.Target;
using Osprey.Target.Architectures.X64;
using Osprey.Target.Memory;

namespace Osprey.Guests.Linux.Processes;

/// <summary>Lists the mappings of a process, as <c>/proc/PID/maps</c> has them.</summary>
/// <remarks>
/// Since 6.1 they are in a maple tree; before, in a list by address (<c>vm_next</c>). The kernel counts them: when the
/// walk met another number, or the count changed, it is done again.
/// </remarks>
internal static class LinuxMaps
{
    private const int MaxMappings = 1 << 20;
    private const int PageShift = 12;
    private const ulong MaxAddress = 1UL << 57;

    /// <summary>Lists them.</summary>
    /// <exception cref="TargetException">The task has no memory, or the kernel is not known.</exception>
    public static GuestList<GuestProcessMapping> Read(
        GuestKernel kernel,
        GuestThreadState thread,
        CancellationToken cancellation
    )
    {
        var members = new LinuxTaskMembers(kernel);
        LinuxField? count = LinuxField.Find(kernel.Values, "struct mm_struct", "map_count");
        LinuxField? size = LinuxField.Find(kernel.Values, "struct mm_struct", "total_vm");
        IMemoryReader memory = kernel.Values.Memory;
        return GuestWalk<GuestProcessMapping>.Read(
            kernel,
            walk => new Pass(kernel, walk).Walk(members.Get(thread, members.Memory, "memory")),
            cancellation,
            () =>
            {
                ulong place = members.Get(thread, members.Memory, "memory");
                return (place, count?.Read(memory, place), size?.Read(memory, place));
            },
            "the process changed its memory during each of the walks"
        );
    }

    /// <summary>One pass through all mappings of a process.</summary>
    private sealed class Pass(GuestKernel kernel, GuestWalk<GuestProcessMapping> walk)
    {
        private const int ReadFlag = 1;
        private const int WriteFlag = 2;
        private const int ExecuteFlag = 4;
        private const int MayShareFlag = 0x80;

        private readonly LinuxMapping _mapping = new(kernel);
        private readonly IMemoryReader _memory = kernel.Values.Memory;
        private int _count;

        public void Walk(ulong space)
        {
            var layout = new LinuxStruct(kernel, "struct mm_struct");
            LinuxField? tree = layout.Find("mm_mt", "ma_root");
            LinuxField? list = tree is null ? layout.Require("mmap") : null;
            LinuxField? count = layout.Find("map_count");
            LinuxMemoryMarks marks = LinuxMemoryMarks.Read(_memory, layout, space);
            if (!layout.TryCopy(space, out ReadOnlySpan<byte> copy))
            {
                walk.AddDefect("the process's memory is not understood: its mm_struct can't be read");
                return;
            }

            ulong told = count?.Get(copy) ?? 0;
            if (tree?.Get(copy) is { } root)
                WalkTree(root, marks);
            else
                WalkList(list?.Get(copy) ?? 0, marks);

            if (count is not null && told != (ulong)_count)
                walk.AddDefect($"the kernel counts {told} mappings, and {_count} are in its list");

            if (_mapping.ReadGate(marks) is { } gate)
                Add(gate, marks);
        }

        private void WalkTree(ulong root, LinuxMemoryMarks marks)
        {
            var tree = new LinuxMapleTree(kernel);
            foreach (LinuxMapleRange range in tree.Enumerate(root, "mappings", walk.AddDefect))
            {
                LinuxMappingState? state = _mapping.Read(range.Entry);
                if (state?.Start != range.First || state?.End != unchecked(range.Last + 1))
                    walk.AddDefect("the mappings are torn: one is not where the tree says");
                else if (!Count())
                    break;
                else
                    Add(state!.Value, marks);
            }
        }

        private void WalkList(ulong first, LinuxMemoryMarks marks)
        {
            ulong lowest = 0;
            for (ulong place = first; place != 0; )
            {
                if (_mapping.Read(place) is not { } state || state.Start < lowest || state.Next is not { } next)
                {
                    walk.AddDefect("the list of mappings is torn: what follows can't be read or is none");
                    return;
                }

                if (!Count())
                    return;

                Add(state, marks);
                (lowest, place) = (state.End, next);
            }
        }

        private bool Count()
        {
            if (_count < MaxMappings)
            {
                _count++;
                return true;
            }

            walk.AddDefect($"mappings: stopped after {MaxMappings}");
            return false;
        }

        private void Add(LinuxMappingState state, LinuxMemoryMarks marks)
        {
            bool isUser = state.End <= MaxAddress && state.Start < state.End;
            if (!isUser && !state.IsGate)
            {
                walk.AddDefect("a mapping of the process is not in its half of the addresses");
                return;
            }

            PagePermissions permissions =
                ((state.Flags & ReadFlag) != 0 ? PagePermissions.Read : 0)
                | ((state.Flags & WriteFlag) != 0 ? PagePermissions.Write : 0)
                | ((state.Flags & ExecuteFlag) != 0 ? PagePermissions.Execute : 0);
            LinuxFile? file = state.File == 0 ? null : _mapping.Files.Read(state.File);
            if (state.File != 0 && file?.Path is null)
                walk.AddDefect("the path of a mapped file can't be read");

            walk.Add(
                new GuestProcessMapping(state.Start, state.End, state.Address, permissions)
                {
                    IsShared = (state.Flags & MayShareFlag) != 0,
                    Offset = state.File == 0 ? 0 : unchecked(state.PageOffset << PageShift),
                    Device = LinuxDevice.Format(file?.Device ?? 0),
                    Inode = file?.Inode ?? 0,
                    Path = state.File == 0 ? _mapping.FindName(state, marks) : file?.Path,
                }
            );
        }
    }
}
