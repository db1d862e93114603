using System.Buffers.Binary;
using System.Text;
using Osprey.Guests.Modules;
using Osprey.Target;
using Osprey.Values;

namespace Osprey.Guests.Linux.Modules;

/// <summary>Reads the symbols of a Linux kernel's modules, as <c>/proc/kallsyms</c> has them.</summary>
/// <remarks>
/// Each module has the symbol table of its ELF file, without what nobody needs at run time, in its memory:
/// <c>struct mod_kallsyms</c> since 4.5, members of the module itself before. The letter of a symbol's kind is in
/// <c>typetab</c> since 5.2, in place of the ELF symbol's <c>st_info</c> before. The entries of <c>/proc/kallsyms</c>
/// for <c>[bpf]</c>, <c>[__builtin__ftrace]</c> and <c>[__builtin__kprobes]</c> are no modules' and are not here.
/// </remarks>
internal static class ModuleSymbols
{
    private const int SymbolSize = 24; // Elf64_Sym
    private const int InfoOffset = 4;
    private const int ValueOffset = 8;
    private const int MaxName = 512; // KSYM_NAME_LEN
    private const int MaxSymbols = 1 << 20;
    private const int MaxText = 64 << 20;

    /// <summary>Reads them.</summary>
    /// <returns>Null when no module is loaded.</returns>
    /// <exception cref="TargetException">The kernel has no modules, or they are not understood.</exception>
    public static ModuleSymbolTable? Read(GuestKernel kernel)
    {
        var symbols = new List<ModuleSymbol>();
        var parts = new List<GuestModulePart>();
        int text = MaxText;
        foreach (Value module in KernelModules.Enumerate(kernel, []))
        {
            if (KernelModules.IsUnformed(module) || KernelModules.GetName(module) is not { } name)
                continue;

            parts.AddRange(ModuleMemory.Read(module));
            int first = symbols.Count;
            Add(symbols, name, module.Member("kallsyms")?.Dereference() ?? module, ref text);
            HashSet<(ulong, string)> exports = ModuleExports.Read(module);
            for (int i = first; i < symbols.Count; i++)
            {
                ModuleSymbol symbol = symbols[i];
                symbols[i] = symbol with
                {
                    Kind = exports.Contains((symbol.Address, symbol.Name))
                        ? char.ToUpperInvariant(symbol.Kind)
                        : char.ToLowerInvariant(symbol.Kind),
                };
            }
        }

        return parts.Count == 0 ? null : new ModuleSymbolTable(symbols, parts);
    }

    /// <summary>Adds the symbols of one module; those that can't be read are left out.</summary>
    private static void Add(List<ModuleSymbol> symbols, string module, Value tables, ref int text)
    {
        if (
            tables.Member("symtab")?.AsPointer() is not { } table
            || tables.Member("strtab")?.AsPointer() is not { } strings
            || tables.Member("num_symtab") is not { } number
            || !number.TryGetUInt64(out ulong count)
            || count == 0
            || count > (ulong)(MaxSymbols - symbols.Count)
        )
            return;

        byte[] entries = new byte[(int)count * SymbolSize];
        if (tables.Space.Memory.Read(table, entries) < entries.Length)
            return;

        uint last = 0;
        for (int at = 0; at < entries.Length; at += SymbolSize)
            last = Math.Max(last, BinaryPrimitives.ReadUInt32LittleEndian(entries.AsSpan(at)));

        if (last >= (uint)text)
            return;

        // The size of the names is not kept: the last one may reach to the end of what can be read.
        text -= (int)last;
        byte[] names = new byte[(int)last + MaxName];
        int named = tables.Space.Memory.Read(strings, names);
        byte[] kinds = ReadKinds(tables, entries, (int)count);
        for (int i = 0; i < (int)count; i++)
        {
            ReadOnlySpan<byte> entry = entries.AsSpan(i * SymbolSize, SymbolSize);
            uint offset = BinaryPrimitives.ReadUInt32LittleEndian(entry);
            ReadOnlySpan<byte> name = offset < (uint)named ? names.AsSpan((int)offset..named) : [];
            int length = name.IndexOf((byte)0);
            if (length is > 0 and < MaxName)
                symbols.Add(
                    new ModuleSymbol(
                        BinaryPrimitives.ReadUInt64LittleEndian(entry[ValueOffset..]),
                        char.IsAsciiLetter((char)kinds[i]) ? (char)kinds[i] : '?',
                        Encoding.UTF8.GetString(name[..length]),
                        module
                    )
                );
        }
    }

    private static byte[] ReadKinds(Value tables, byte[] entries, int count)
    {
        byte[] kinds = new byte[count];
        if (
            tables.Member("typetab")?.AsPointer() is { } place
            && tables.Space.Memory.Read(place, kinds) == kinds.Length
        )
            return kinds;

        for (int i = 0; i < count; i++)
            kinds[i] = entries[(i * SymbolSize) + InfoOffset];

        return kinds;
    }
}
