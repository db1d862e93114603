using System.Text;
using Osprey.Guests.Memory;
using Osprey.Target.Architectures.X64;
using Osprey.Values;
using Osprey.Values.Containers;

namespace Osprey.Guests.Osv.Memory;

/// <summary>Lists OSv's virtual memory areas and linear maps.</summary>
internal static class OsvMappings
{
    private const int MaxMappings = 1 << 18;
    private const int MaxLinearMaps = 1 << 12;
    private const int MaxPath = 4096;
    private const int FileBit = 7;

    /// <summary>The flags by bit, with the letters of OSv's own tool; it has none for the last two.</summary>
    private static readonly (string Name, char Letter)[] s_flags =
    [
        ("fixed", 'f'),
        ("populate", 'p'),
        ("shared", 's'),
        ("uninitialized", 'u'),
        ("jvm_heap", 'j'),
        ("small", 'm'),
        ("jvm_balloon", 'b'),
        ("file", 'F'),
        ("stack", 'S'),
        ("huge", 'H'),
    ];

    /// <summary>Lists the areas, without the empty ones that mark the ends of the address space.</summary>
    public static GuestList<GuestMapping> Read(GuestKernel kernel, CancellationToken cancellation)
    {
        var reader = new Reader(kernel);
        GuestList<GuestMapping> list = GuestWalk<GuestMapping>.Read(
            kernel,
            walk => walk.Visit(kernel.GetVariable("mmu::vma_list"), "mappings", MaxMappings, reader.Read),
            cancellation,
            () => CountOf(kernel.FindVariable("mmu::vma_range_set"))
        );
        return list with { Items = [.. list.Items.Where(item => item.Size > 0).OrderBy(item => item.Start)] };
    }

    /// <summary>Lists the linear maps, lowest address first.</summary>
    public static GuestList<GuestLinearMap> ReadLinear(GuestKernel kernel, CancellationToken cancellation)
    {
        GuestList<GuestLinearMap> list = GuestWalk<GuestLinearMap>.Read(
            kernel,
            walk =>
                walk.Visit(
                    kernel.GetVariable("mmu::linear_vma_set"),
                    "linear maps",
                    MaxLinearMaps,
                    pointer => ReadLinear(pointer.Dereference().Fetch())
                ),
            cancellation
        );
        return list with { Items = [.. list.Items.OrderBy(item => item.Start)] };
    }

    private static ulong CountOf(Value? list) => (list?.AsContainer() as ContainerView.Items)?.Count ?? 0;

    private static GuestLinearMap? ReadLinear(Value map)
    {
        if (
            map.Member("_virt_addr")?.AsPointer() is not { } start
            || map.Member("_phys_addr")?.TryGetUInt64(out ulong physical) != true
            || map.Member("_size")?.TryGetUInt64(out ulong size) != true
            || size == 0
            || size - 1 > ulong.MaxValue - start
        )
            return null;

        ulong kind = 0;
        if (map.Member("_mem_attr")?.TryGetUInt64(out kind) == false)
            return null;

        // A std::string, of which an older kernel has only the characters.
        string name = map.Member("_name")?.AsString(MaxPath) ?? "";
        return new GuestLinearMap(start, physical, size, name, kind == 0 ? "normal" : "device");
    }

    /// <summary>Reads one area.</summary>
    private sealed class Reader(GuestKernel kernel)
    {
        private readonly int[] _bits = [.. Enumerable.Range(0, s_flags.Length).Select(bit => FindBit(kernel, bit))];

        public GuestMapping? Read(Value area)
        {
            // The range was in the area itself before 2014.
            Value copy = area.Fetch();
            Value range = copy.Member("_range") ?? copy;
            if (
                area.Address is not { } address
                || range.Member("_start")?.AsPointer() is not { } start
                || range.Member("_end")?.AsPointer() is not { } end
                || end < start
                || copy.Member("_perm")?.TryGetUInt64(out ulong permissions) != true
            )
                return null;

            ulong flags = 0;
            if (copy.Member("_flags")?.TryGetUInt64(out flags) == false)
                return null;

            GuestMapping mapping = Describe(new GuestMapping(start, end, address, ToPermissions(permissions)), flags);
            return (flags >> _bits[FileBit] & 1) != 0 ? AddFile(mapping, address) : mapping;
        }

        private static PagePermissions ToPermissions(ulong bits) =>
            ((bits & 1) != 0 ? PagePermissions.Read : 0)
            | ((bits & 2) != 0 ? PagePermissions.Write : 0)
            | ((bits & 4) != 0 ? PagePermissions.Execute : 0);

        /// <summary>The kernel's own enumerators tell the bits, where debug info has them.</summary>
        private static int FindBit(GuestKernel kernel, int usual) =>
            kernel.Values.FindEnumerator($"mmu::mmap_{s_flags[usual].Name}") is { } value
            && value.TryGetUInt64(out ulong mask)
            && System.Numerics.BitOperations.IsPow2(mask)
                ? System.Numerics.BitOperations.Log2(mask)
                : usual;

        private GuestMapping Describe(GuestMapping mapping, ulong flags)
        {
            var names = new List<string>();
            var letters = new StringBuilder();
            for (int i = 0; i < s_flags.Length; i++)
            {
                ulong mask = 1UL << _bits[i];
                if ((flags & mask) == 0)
                    continue;

                names.Add(s_flags[i].Name);
                letters.Append(s_flags[i].Letter);
                flags &= ~mask;
            }

            if (flags != 0)
            {
                names.Add(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"0x{flags:x}"));
                letters.Append('?');
            }

            return mapping with
            {
                Flags = names,
                FlagLetters = letters.ToString(),
            };
        }

        private GuestMapping AddFile(GuestMapping mapping, ulong address)
        {
            if (kernel.Values.FindType("mmu::file_vma") is not { } type)
                return mapping;

            Value area = kernel.Values.At(type, address);
            Value? file = area.Member("_file") is { } pointer ? FollowPointer(pointer) : null;
            Value? entry = file?.Member("f_dentry") is { } link ? FollowPointer(link) : null;
            ulong offset = 0;
            bool isKnown = area.Member("_offset")?.TryGetUInt64(out offset) == true;
            return mapping with { Path = entry?.Member("d_path")?.AsString(MaxPath), Offset = isKnown ? offset : null };
        }

        private static Value? FollowPointer(Value pointer)
        {
            Value plain = pointer.AsContainer() is ContainerView.Pointer smart ? smart.Plain : pointer;
            Value target = plain.Dereference();
            return target.Address is null or 0 ? null : target;
        }
    }
}
