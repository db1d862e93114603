using Osprey.Guests.Modules;
using Osprey.Symbols.Types;
using Osprey.Values;

namespace Osprey.Guests.Linux.Modules;

/// <summary>The parts of memory of a module, the one with its code first.</summary>
internal static class ModuleMemory
{
    private const int MaxParts = 16;

    /// <summary>The kinds of <c>enum mod_mem_type</c>, in its order.</summary>
    private static readonly string[] s_kinds =
    [
        "text",
        "data",
        "rodata",
        "ro-after-init",
        "init-text",
        "init-data",
        "init-rodata",
    ];

    /// <summary>Reads them; empty when they can't be read.</summary>
    public static IReadOnlyList<GuestModulePart> Read(Value module)
    {
        List<GuestModulePart> parts = [];
        if (module.Member("mem") is { ResolvedType: ArrayType array } memory)
        {
            // Since 6.4: an allocation for each kind.
            ulong count = Math.Min(array.Count ?? 0, MaxParts);
            for (int i = 0; i < (int)count; i++)
                Add(parts, i < s_kinds.Length ? s_kinds[i] : $"part {i}", memory.Index(i), ["base"], ["size"]);
        }
        else
        {
            // Since 4.5 a layout has base and size; before, the module had them itself.
            Add(parts, "core", module, ["core_layout", "base"], ["core_layout", "size"]);
            Add(parts, "init", module, ["init_layout", "base"], ["init_layout", "size"]);
            Add(parts, "data", module, ["data_layout", "base"], ["data_layout", "size"]);
            Add(parts, "core", module, ["module_core"], ["core_size"]);
            Add(parts, "init", module, ["module_init"], ["init_size"]);
        }

        return parts;
    }

    /// <summary>Adds a part; what was for the start alone is given back after it, and has no size then.</summary>
    private static void Add(
        List<GuestModulePart> parts,
        string name,
        Value? value,
        ReadOnlySpan<string> start,
        ReadOnlySpan<string> size
    )
    {
        if (
            value?.Path(start) is { } place
            && place.TryGetUInt64(out ulong address)
            && value.Path(size) is { } number
            && number.TryGetUInt64(out ulong bytes)
            && bytes > 0
            && bytes <= ulong.MaxValue - address
        )
            parts.Add(new GuestModulePart(name, address, bytes));
    }
}
