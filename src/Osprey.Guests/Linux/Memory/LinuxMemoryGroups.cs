using Osprey.Guests.Linux.Containers;
using Osprey.Guests.Memory;
using Osprey.Target;
using Osprey.Target.Memory;

namespace Osprey.Guests.Linux.Memory;

/// <summary>Reads the memory that Linux counts by control groups: a tree of <c>mem_cgroup</c>.</summary>
/// <remarks>
/// The tree goes from <c>root_mem_cgroup</c> through the lists <c>children</c> of its <c>cgroup_subsys_state</c>s. A
/// group that was removed stays until nothing of its memory is left. The root's own counter is not kept.
/// </remarks>
internal static class LinuxMemoryGroups
{
    private const int MaxGroups = 1 << 16;
    private const int MaxDepth = 64;
    private const int PageShift = 12;
    private const ulong NoLimit = long.MaxValue >> PageShift; // PAGE_COUNTER_MAX
    private const ulong Online = 0x2; // CSS_ONLINE

    /// <summary>Reads the groups, each before those below it.</summary>
    /// <exception cref="TargetException">The kernel counts no groups, or they are not understood.</exception>
    public static GuestList<GuestMemoryGroup> Read(GuestKernel kernel, CancellationToken cancellation)
    {
        ulong variable =
            LinuxVariables.FindAddress(kernel, "root_mem_cgroup")
            ?? throw new TargetException(
                TargetProblem.NotConfigured,
                "not configured in this kernel: it does not count memory by control groups (CONFIG_MEMCG)"
            );
        var layout = new Layout(kernel);
        IMemoryReader memory = kernel.Values.Memory;
        return GuestWalk<GuestMemoryGroup>.Read(
            kernel,
            walk =>
            {
                if (!memory.TryReadUInt64(variable, out ulong root) || root == 0)
                {
                    walk.AddDefect("the groups' root can't be read, or memory is not counted (cgroup_disable=memory)");
                    return;
                }

                layout.Walk(walk, root, "/", 0, []);
            },
            cancellation
        );
    }

    /// <summary>The places of what is read of a group.</summary>
    private sealed class Layout(GuestKernel kernel)
    {
        private readonly IMemoryReader _memory = kernel.Values.Memory;
        private readonly LinuxStruct _group = new(kernel, "struct mem_cgroup");
        private readonly LinuxStruct _state = new(kernel, "struct cgroup_subsys_state");
        private readonly LinuxField _children = new LinuxStruct(kernel, "struct cgroup_subsys_state").Require(
            "children"
        );
        private readonly LinuxField _sibling = new LinuxStruct(kernel, "struct cgroup_subsys_state").Require("sibling");
        private readonly LinuxField _usage = new LinuxStruct(kernel, "struct mem_cgroup").Require(
            "memory",
            "usage",
            "counter"
        );
        private readonly LinuxStruct _cgroup = new(kernel, "struct cgroup");
        private readonly LinuxStruct _file = new(kernel, "struct kernfs_node");

        public void Walk(GuestWalk<GuestMemoryGroup> walk, ulong group, string path, int depth, HashSet<ulong> seen)
        {
            if (!seen.Add(group) || seen.Count > MaxGroups || depth > MaxDepth)
            {
                walk.AddDefect("the groups are no tree: some come up again, or there are too many");
                return;
            }

            if (_usage.Read(_memory, group) is not { } usage)
            {
                walk.AddDefect($"the group at 0x{group:x} can't be read");
                return;
            }

            ulong? limit = _group.Read(group, "memory", "max") ?? _group.Read(group, "memory", "limit"); // renamed 4.18
            ulong? swap = _group.Read(group, "swap", "usage", "counter");
            walk.Add(
                new GuestMemoryGroup(path, group)
                {
                    Usage = depth == 0 ? null : unchecked(usage << PageShift),
                    Limit = limit < NoLimit ? limit << PageShift : null,
                    Swap = depth == 0 ? null : unchecked(swap << PageShift),
                    IsDying = _state.Read(group, "flags") is { } flags && (flags & Online) == 0,
                }
            );

            // The state is the group's first member.
            ulong head = unchecked(group + (ulong)_children.Offset);
            var chain = new LinuxChain(_memory, "groups", MaxGroups, walk.AddDefect);
            foreach (ulong child in chain.WalkRing(head, _sibling.Offset))
                Walk(walk, child, (path == "/" ? "" : path) + "/" + FindName(child), depth + 1, seen);
        }

        private string FindName(ulong group) =>
            _state.ReadPointer(group, "cgroup") is { } cgroup
            && _cgroup.ReadPointer(cgroup, "kn") is { } file
            && LinuxText.ReadName(_memory, _file.Read(file, "name")) is { Length: > 0 } name
                ? name
                : "?";
    }
}
