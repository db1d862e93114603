using System.Buffers.Binary;
using System.Text;
using Osprey.Values;

namespace Osprey.Guests.Linux.Modules;

/// <summary>
/// The symbols that a module exports to other modules; <c>/proc/kallsyms</c> shows their kinds in capitals, and
/// those of all others in small letters.
/// </summary>
/// <remarks>
/// <c>syms</c> and, in most kernels, <c>gpl_syms</c> are arrays of <c>struct kernel_symbol</c>: two numbers of 4 bytes,
/// which are the distances from their own places to the symbol and to its name, or addresses in kernels without such.
/// </remarks>
internal static class ModuleExports
{
    private const int MaxExports = 1 << 16;
    private const int MaxName = 512; // KSYM_NAME_LEN

    /// <summary>Lists them, by address and name; what can't be read is left out.</summary>
    public static HashSet<(ulong Address, string Name)> Read(Value module)
    {
        HashSet<(ulong, string)> exports = [];
        Add(exports, module.Member("syms"), module.Member("num_syms"));
        Add(exports, module.Member("gpl_syms"), module.Member("num_gpl_syms"));
        return exports;
    }

    private static void Add(HashSet<(ulong, string)> exports, Value? list, Value? number)
    {
        if (list is null || number is null || !number.TryGetUInt64(out ulong count))
            return;

        byte[] text = new byte[MaxName];
        for (int i = 0; i < (int)Math.Min(count, MaxExports); i++)
        {
            if (list.Index(i) is not { Address: > 0 } export)
                return;

            ulong? address = ReadPlace(export, "value_offset") ?? ReadAddress(export, "value");
            ulong? name = ReadPlace(export, "name_offset") ?? ReadAddress(export, "name");
            if (address is null || name is null)
                return;

            ReadOnlySpan<byte> found = text.AsSpan(0, export.Space.Memory.Read(name.Value, text));
            int length = found.IndexOf((byte)0);
            if (length > 0)
                exports.Add((address.Value, Encoding.UTF8.GetString(found[..length])));
        }
    }

    private static ulong? ReadPlace(Value export, string member)
    {
        Span<byte> bytes = stackalloc byte[sizeof(int)];
        return export.Member(member) is { Address: { } place } distance && distance.ReadBytes(bytes) is null
            ? unchecked(place + (ulong)BinaryPrimitives.ReadInt32LittleEndian(bytes))
            : null;
    }

    private static ulong? ReadAddress(Value export, string member) =>
        export.Member(member) is { } pointer && pointer.TryGetUInt64(out ulong address) ? address : null;
}
