using System.Buffers.Binary;
using Osprey.Guests.Modules;
using Osprey.Symbols.Types;
using Osprey.Target;
using Osprey.Values;

namespace Osprey.Guests.Linux.Modules;

/// <summary>Lists the modules of a Linux kernel, as <c>/proc/modules</c> does.</summary>
/// <remarks>
/// They are in the list <c>modules</c>, the newest first. One that is being made (MODULE_STATE_UNFORMED) is left out,
/// as the kernel leaves it out. A kernel that was built without modules has no such list.
/// </remarks>
internal static class KernelModules
{
    private const int MaxModules = 1 << 14;
    private const int MaxUsers = 1 << 12;
    private const int MaxName = 256;
    private const int MaxWalks = 4;
    private const string ModuleType = "struct module";

    /// <summary>The letters of <c>taint_flags</c> (kernel/panic.c), by bit.</summary>
    private const string TaintLetters = "PFSRMBUDAWCIOELKXTNJ";

    /// <summary>The states of <c>enum module_state</c>, in the words of <c>/proc/modules</c>.</summary>
    private static readonly string[] s_states = ["live", "loading", "unloading"];

    /// <summary>Lists them.</summary>
    /// <exception cref="TargetException">The kernel has none, or they are not understood.</exception>
    public static GuestList<GuestObject> Read(GuestKernel kernel, CancellationToken cancellation)
    {
        for (int number = 1; ; number++)
        {
            List<string> defects = [];
            var modules = new List<GuestObject>();
            foreach (Value module in Enumerate(kernel, defects))
            {
                cancellation.ThrowIfCancellationRequested();
                if (ReadModule(module, defects) is { } read)
                    modules.Add(read);
            }

            if (defects.Count == 0 || number == MaxWalks)
                return new GuestList<GuestObject>(modules, defects);

            kernel.Refresh();
        }
    }

    /// <summary>Walks the list; what ends it early becomes a defect.</summary>
    /// <exception cref="TargetException">The kernel has none, or they are not understood.</exception>
    public static IEnumerable<Value> Enumerate(GuestKernel kernel, List<string> defects)
    {
        Value head = LinuxVariables.Get(kernel, "struct list_head", "modules");
        DebugType type = LinuxVariables.GetType(kernel, ModuleType);
        ulong start = head.Address ?? 0;
        ulong offset =
            kernel.Values.At(type, 0).Member("list")?.Address
            ?? throw new TargetException(TargetProblem.NotUnderstood, "the kernel's struct module has no member list");
        ulong size = kernel.Values.GetSize(type) ?? 0;
        var seen = new HashSet<ulong>();
        for (ulong? at = ReadNext(head); at != start; )
        {
            if (at is not { } place)
                defects.Add("modules: the list can't be read further");
            else if (!seen.Add(place))
                defects.Add("modules: the list runs in a circle");
            else if (seen.Count > MaxModules)
                defects.Add($"modules: stopped after {MaxModules}");
            else
            {
                Value module = kernel.Values.At(type, unchecked(place - offset));
                if (size is > 0 and <= Value.MaxFetch)
                    module = module.Fetch();

                at = ReadNext(module.Member("list"));
                if (at is not null)
                    yield return module;

                continue;
            }

            yield break;
        }
    }

    /// <summary>The name of a module; null when it can't be read.</summary>
    public static string? GetName(Value module) =>
        module.Member("name")?.AsString(MaxName) is { Length: > 0 } name ? name : null;

    /// <summary>Tells whether a module is being made and has nothing yet.</summary>
    public static bool IsUnformed(Value module) =>
        module.Member("state") is { } state && state.TryGetUInt64(out ulong number) && number == 3;

    private static ulong? ReadNext(Value? list) =>
        list?.Member("next") is { } next && next.TryGetUInt64(out ulong address) && address != 0 ? address : null;

    private static GuestObject? ReadModule(Value module, List<string> defects)
    {
        if (IsUnformed(module))
            return null;

        IReadOnlyList<GuestModulePart> parts = ModuleMemory.Read(module);
        if (GetName(module) is not { } name || parts.Count == 0)
        {
            defects.Add($"modules: the one at 0x{module.Address:x} can't be read");
            return null;
        }

        ulong state = LinuxVariables.GetNumber(module, "state");
        ulong taints = module.Member("taints") is { } bits && bits.TryGetUInt64(out ulong found) ? found : 0;
        GuestModulePart first = parts[0];
        ulong size = 0;
        foreach (GuestModulePart part in parts)
            size = unchecked(size + part.Size);

        return new GuestObject(name, first.Start, first.Start, unchecked(first.Start + first.Size))
        {
            Module = new GuestKernelModule(name, size, state < 3 ? s_states[state] : $"{state}")
            {
                Address = module.Address ?? 0,
                References = ReadReferences(module),
                UsedBy = ListUsers(module, name, defects),
                Taint = string.Concat(TaintLetters.Where((_, bit) => (taints >> bit & 1) != 0)),
                BuildId = ModuleNotes.FindBuildId(module),
                Parts = parts,
            },
        };
    }

    /// <summary>The kernel's own hold of a module counts as one (MODULE_REF_BASE), which nobody wants to see.</summary>
    private static long? ReadReferences(Value module)
    {
        if (module.Path("refcnt", "counter") is not { } counter)
            return null;

        Span<byte> bytes = stackalloc byte[sizeof(int)];
        return counter.ReadBytes(bytes) is null ? BinaryPrimitives.ReadInt32LittleEndian(bytes) - 1L : null;
    }

    /// <summary>Each user is a <c>struct module_use</c> in the module's list <c>source_list</c>.</summary>
    private static List<string> ListUsers(Value module, string name, List<string> defects)
    {
        List<string> users = [];
        if (
            module.Member("source_list") is not { Address: { } start } head
            || module.Space.FindType("struct module_use") is not { } type
            || module.Space.At(type, 0).Member("source_list")?.Address is not { } offset
        )
            return users;

        var seen = new HashSet<ulong>();
        for (ulong? at = ReadNext(head); at != start; )
        {
            Value? use = at is { } place ? module.Space.At(type, unchecked(place - offset)) : null;
            if (
                use?.Member("source")?.Dereference() is not { } source
                || GetName(source) is not { } user
                || !seen.Add(at!.Value)
                || seen.Count > MaxUsers
            )
            {
                defects.Add($"modules: the list of those that use {name} can't be read to its end");
                break;
            }

            users.Add(user);
            at = ReadNext(use.Member("source_list"));
        }

        return users;
    }
}
