using Osprey.Guests.Threads;
using Osprey.Target.Memory;

namespace Osprey.Guests.Linux.Threads;

/// <summary>
/// Reads the control group and the namespaces of tasks, as <c>/proc/PID/cgroup</c> and <c>ns</c> have them.
/// </summary>
/// <remarks>
/// Most tasks share one <c>nsproxy</c> and one <c>css_set</c>, so what these lead to is read once. A task's own PID
/// namespace is that of its <c>struct pid</c>, and its user namespace that of its credentials; the nsproxy has others
/// for its children. The group is that of the one tree of version 2.
/// </remarks>
internal sealed class LinuxMembership
{
    private const int MaxDepth = 64;
    private const ulong MaxLevel = 32; // MAX_PID_NS_LEVEL

    private static readonly (string Kind, string Member)[] s_kinds =
    [
        ("cgroup", "cgroup_ns"),
        ("ipc", "ipc_ns"),
        ("mnt", "mnt_ns"),
        ("net", "net_ns"),
        ("time", "time_ns"), // since 5.6
        ("uts", "uts_ns"),
    ];

    private readonly IMemoryReader _memory;
    private readonly LinuxStruct _task;
    private readonly LinuxStruct _file;
    private readonly LinuxField? _numbers;
    private readonly LinuxField? _space;
    private readonly ulong? _numberSize;
    private readonly List<(string Kind, LinuxField Pointer, LinuxField Number)> _spaces = [];
    private readonly LinuxField? _pidNumber;
    private readonly LinuxField? _userNumber;
    private readonly Func<ulong, ulong?> _findGroup;
    private readonly Func<ulong, ulong?> _findUser;
    private readonly Func<ulong, ulong?> _findLevel;
    private readonly Dictionary<ulong, string?> _groups = [];

    public LinuxMembership(GuestKernel kernel)
    {
        _memory = kernel.Values.Memory;
        _task = new LinuxStruct(kernel, "struct task_struct");
        _file = new LinuxStruct(kernel, "struct kernfs_node");
        foreach ((string kind, string member) in s_kinds)
        {
            // A network namespace is the struct net itself.
            string type = kind == "net" ? "struct net" : $"struct {kind}_namespace";
            if (
                LinuxField.Find(kernel.Values, "struct nsproxy", member) is { } pointer
                && LinuxField.Find(kernel.Values, type, "ns", "inum") is { } number
            )
                _spaces.Add((kind, pointer, number));
        }

        var pid = new LinuxStruct(kernel, "struct pid");
        var upid = new LinuxStruct(kernel, "struct upid");
        (_numbers, _space, _numberSize) = (pid.Find("numbers"), upid.Find("ns"), upid.Size);
        _pidNumber = LinuxField.Find(kernel.Values, "struct pid_namespace", "ns", "inum");
        _userNumber = LinuxField.Find(kernel.Values, "struct user_namespace", "ns", "inum");
        var set = new LinuxStruct(kernel, "struct css_set");
        var group = new LinuxStruct(kernel, "struct cgroup");
        _findGroup = place => set.ReadPointer(place, "dfl_cgrp") is { } own ? group.ReadPointer(own, "kn") : null;
        var credentials = new LinuxStruct(kernel, "struct cred");
        _findUser = place => credentials.ReadPointer(place, "user_ns");
        _findLevel = place => pid.Read(place, "level");
    }

    /// <summary>Reads what a task belongs to.</summary>
    public GuestMembership Read(GuestThreadState thread)
    {
        var spaces = new List<GuestNamespace>();
        if (_task.ReadPointer(thread.Address, "nsproxy") is { } own)
        {
            foreach ((string kind, LinuxField pointer, LinuxField number) in _spaces)
                Add(kind, pointer.Read(_memory, own), number);

            Add("pid", FindProcessSpace(thread.Address), _pidNumber);
            ulong? credentials = _task.ReadPointer(thread.Address, "real_cred");
            Add("user", credentials is { } place ? _findUser(place) : null, _userNumber);
        }

        return new GuestMembership(
            _task.ReadPointer(thread.Address, "cgroups") is { } set ? FindGroup(set) : null,
            [.. spaces.OrderBy(space => space.Kind, StringComparer.Ordinal)]
        );

        void Add(string kind, ulong? space, LinuxField? number)
        {
            if (space is > 0 and var place && number?.Read(_memory, place) is { } found)
                spaces.Add(new GuestNamespace(kind, found));
        }
    }

    /// <summary>The innermost namespace in which the task has a number.</summary>
    private ulong? FindProcessSpace(ulong task)
    {
        ulong? pid = _task.ReadPointer(task, "thread_pid"); // since 4.19
        return
            pid is { } place
            && _numbers is { } numbers
            && _numberSize is { } size
            && _findLevel(place) is <= MaxLevel and var level
            ? _space?.Read(_memory, unchecked(place + (ulong)numbers.Offset + (level * size)))
            : null;
    }

    private string? FindGroup(ulong set)
    {
        if (!_groups.TryGetValue(set, out string? path))
            _groups[set] = path = _findGroup(set) is { } file ? BuildPath(file) : null;

        return path;
    }

    /// <summary>The path of a group's directory; the root's own has no parent.</summary>
    private string? BuildPath(ulong file)
    {
        var names = new List<string>();
        for (int depth = 0; depth < MaxDepth; depth++)
        {
            if ((_file.Read(file, "__parent") ?? _file.Read(file, "parent")) is not { } parent) // renamed in 6.15
                return null;

            if (parent == 0)
                return "/" + string.Join('/', names.AsEnumerable().Reverse());

            if (LinuxText.ReadName(_memory, _file.Read(file, "name")) is not { Length: > 0 } name)
                return null;

            names.Add(name);
            file = parent;
        }

        return null;
    }
}
