using Osprey.Binary;
using Osprey.Guests.Linux.Containers;
using Osprey.Guests.Linux.Modules;
using Osprey.Guests.Programs;
using Osprey.Symbols;
using Osprey.Symbols.Types.Btf;
using Osprey.Target;

namespace Osprey.Guests.Linux.Types;

/// <summary>Finds the descriptions of their types, BTF, that the modules of a Linux kernel that runs have.</summary>
/// <remarks>
/// <para>
/// A kernel with <c>CONFIG_DEBUG_INFO_BTF_MODULES</c> (5.11) keeps a copy of the blob that each module's file has, in
/// a <c>struct btf</c>; those of modules are in the list <c>btf_modules</c>. The module's own memory has none: the part
/// of the file that it came in is freed.
/// </para>
/// <para>
/// A module's blob goes on where the kernel's own ends: the numbers of its types, and the offsets of its names. One
/// that was made for a kernel alike but not the same (<c>.BTF.base</c>, 6.11) has been rewritten for this kernel by
/// then.
/// </para>
/// </remarks>
internal static class ModuleBtf
{
    private const string Entry = "struct btf_module";
    private const string Blob = "struct btf";
    private const int MaxModules = 1 << 14;
    private const ulong MaxBlobSize = 16 << 20;
    private const ulong MaxBytesRead = 256 << 20;

    /// <summary>Finds and reads them all.</summary>
    /// <param name="kernel">The kernel.</param>
    /// <param name="own">The kernel's own types.</param>
    /// <exception cref="TargetException">The kernel's types or symbols are not known.</exception>
    public static GuestList<GuestKernelTypes> Find(GuestKernel kernel, GuestKernelTypes own)
    {
        var entry = new LinuxStruct(kernel, Entry);
        if (own.Types is not BtfTypeSource ownTypes || !entry.Exists)
            return new GuestList<GuestKernelTypes>([], []);

        if (LinuxVariables.FindAddress(kernel, "btf_modules") is not { } head)
            return new GuestList<GuestKernelTypes>([], []);

        var found = new List<GuestKernelTypes>();
        var defects = new List<string>();
        var chain = new LinuxChain(kernel.Values.Memory, "types of modules", MaxModules, defects.Add);
        ulong budget = MaxBytesRead;
        foreach (ulong address in chain.WalkRing(head, entry.Require("list").Offset))
        {
            if (Read(kernel, entry, address, ownTypes, ref budget, defects) is { } types)
                found.Add(types);
        }

        return new GuestList<GuestKernelTypes>(found, defects);
    }

    private static GuestKernelTypes? Read(
        GuestKernel kernel,
        LinuxStruct entry,
        ulong address,
        BtfTypeSource own,
        ref ulong budget,
        List<string> defects
    )
    {
        string? name =
            entry.ReadPointer(address, "module") is { } module
            && kernel.Values.FindType("struct module") is { } moduleType
                ? KernelModules.GetName(kernel.Values.At(moduleType, module))
                : null;
        string which = name is null ? "of a module without a name" : $"of module {name}";
        var blob = new LinuxStruct(kernel, Blob);
        if (
            entry.ReadPointer(address, "btf") is not { } holder
            || blob.ReadPointer(holder, "data") is not { } data
            || blob.Read(holder, "data_size") is not { } size
        )
        {
            defects.Add($"the types {which} can't be read: nothing is at 0x{address:x}");
            return null;
        }

        // Numbers of a module's types go on where the kernel's end: another start is that of another kernel's.
        if (blob.Read(holder, "start_id") is { } start && start != (ulong)own.TypeCount + 1)
        {
            defects.Add(
                $"the types {which} are not understood: they build on {start} of others, not {own.TypeCount + 1}"
            );
            return null;
        }

        if (size > MaxBlobSize || size > budget)
        {
            defects.Add($"the types {which} are not read: they have {size} bytes");
            return null;
        }

        budget -= size;
        byte[] bytes = new byte[size];
        if (kernel.Values.Memory.Read(data, bytes) < bytes.Length)
        {
            defects.Add($"the types {which} can't be read: {size} bytes at 0x{data:x}");
            return null;
        }

        try
        {
            return new GuestKernelTypes(
                BtfTypeSource.Read(
                    bytes,
                    $"BTF of {name} at 0x{data:x}",
                    own,
                    symbol => FindSymbol(kernel, symbol, name)
                ),
                "BTF",
                data,
                size
            )
            {
                Module = name,
            };
        }
        catch (BadDataException exception)
        {
            defects.Add($"the types {which} are malformed: {exception.Message}");
            return null;
        }
    }

    /// <summary>Finds a symbol of a module: other modules may have one of the same name.</summary>
    private static ulong? FindSymbol(GuestKernel kernel, string name, string? module)
    {
        foreach (TableSymbol symbol in kernel.Symbols.FindInTables(name))
        {
            if (symbol.Module == module)
                return symbol.Address;
        }

        return null;
    }
}
