using System.Buffers.Binary;
using Osprey.Guests;
using Osprey.Symbols;
using Osprey.Symbols.Modules;
using Osprey.Symbols.Types.Btf;
using Osprey.Target.Memory;
using Osprey.Target.Unwinding;
using Osprey.Tests.Builders.Btf;
using Osprey.Values;

namespace Osprey.Tests.Builders.Guests;

/// <summary>A Linux kernel of which there are only some memory, some types (BTF) and some symbols.</summary>
/// <param name="size">The size of its memory.</param>
internal sealed class FakeLinux(int size) : IMemoryReader, ISymbolTable
{
    /// <summary>The address of its first byte.</summary>
    public const ulong Start = 0xffff_ffff_8100_0000;

    private int _used = 64;

    /// <summary>Its memory.</summary>
    public byte[] Bytes { get; } = new byte[size];

    /// <summary>Its types.</summary>
    public BtfBuilder Types { get; } = new();

    /// <summary>Its symbols.</summary>
    public Dictionary<string, ulong> Symbols { get; } = new() { ["_text"] = Start };

    public int Count => Symbols.Count;

    public IEnumerable<string> Names => Symbols.Keys;

    public IEnumerable<TableSymbol> ListSymbols() => Symbols.Select(one => new TableSymbol(one.Key, one.Value, 0));

    /// <summary>Gives memory that nobody has yet, and with a name the symbol of that.</summary>
    public ulong Allocate(int count, string? name = null)
    {
        ulong address = Start + (ulong)_used;
        _used += (count + 7) & -8;
        if (_used > Bytes.Length)
            throw new InvalidOperationException("the memory is too small");

        if (name is not null)
            Symbols[name] = address;

        return address;
    }

    /// <summary>The bytes at an address.</summary>
    public Span<byte> At(ulong address) => Bytes.AsSpan((int)(address - Start));

    public void Write(ulong address, ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(At(address), value);

    public void Write(ulong address, uint value) => BinaryPrimitives.WriteUInt32LittleEndian(At(address), value);

    public void Write(ulong address, ushort value) => BinaryPrimitives.WriteUInt16LittleEndian(At(address), value);

    /// <summary>The kernel, over this memory or another one.</summary>
    public GuestKernel ToKernel(Action? refresh = null, IMemoryReader? memory = null)
    {
        var types = BtfTypeSource.Read(Types.Build(), "test");
        var symbols = new Symbolizer();
        symbols.AddTable(this);
        return new GuestKernel(
            new ValueSpace(memory ?? this, [new ValueModule(types, LoadBias.None) { End = 0 }]),
            symbols,
            new UnwindModuleList([])
        )
        {
            Refresh = refresh ?? (() => { }),
        };
    }

    public int Read(ulong address, Span<byte> buffer)
    {
        if (address < Start || address - Start >= (ulong)Bytes.Length)
            return 0;

        ReadOnlySpan<byte> there = At(address);
        int count = Math.Min(there.Length, buffer.Length);
        there[..count].CopyTo(buffer);
        return count;
    }

    public IReadOnlyList<TableSymbol> FindSymbols(string name) =>
        Symbols.TryGetValue(name, out ulong address) ? [new TableSymbol(name, address, 0)] : [];

    public TableSymbol? FindTableSymbol(ulong address) => null;

    public bool TryResolve(ulong address, List<SymbolFrame> frames) => false;
}
