using System.Buffers.Binary;
using Osprey.Guests.Linux.Stacks;
using Osprey.Symbols.Types;
using Osprey.Symbols.Types.Btf;
using Osprey.Target.Architectures;
using Osprey.Target.Architectures.X64;
using Osprey.Target.Memory;
using Osprey.Target.Unwinding;
using Osprey.Tests.Builders.Btf;
using Osprey.Tests.Builders.Guests;

namespace Osprey.Tests.Guests.Linux.Stacks;

/// <summary>
/// A kernel with a table of ORC for code of each kind, a module with a table of its own, and a stack of 4 KiB.
/// </summary>
internal sealed class OrcKernel : IMemoryReader
{
    public const ulong Text = 0xffff_ffff_8100_0000;

    /// <summary>CFA at rsp+16.</summary>
    public const ulong Plain = Text;

    /// <summary>CFA at rbp+16, rbp saved at CFA-16.</summary>
    public const ulong Framed = Text + 0x100;

    /// <summary>All registers at rsp+8.</summary>
    public const ulong Entry = Text + 0x200;

    /// <summary>What the processor saves at rsp+8.</summary>
    public const ulong EarlyEntry = Text + 0x300;

    /// <summary>Where stacks begin.</summary>
    public const ulong Start = Text + 0x400;

    /// <summary>CFA is the word at rsp, plus 8.</summary>
    public const ulong Switch = Text + 0x500;

    /// <summary>CFA is the word at rbp-8; rbp saved at rbp.</summary>
    public const ulong Aligned = Text + 0x600;

    /// <summary>CFA at r10.</summary>
    public const ulong ByR10 = Text + 0x700;

    /// <summary>CFA at r13.</summary>
    public const ulong ByR13 = Text + 0x800;

    /// <summary>CFA at rdi+16.</summary>
    public const ulong ByRdi = Text + 0x900;

    /// <summary>What the processor saves at rdx+8.</summary>
    public const ulong ByRdx = Text + 0xa00;

    /// <summary>All registers at the word at rsp+8, as old entry code on the stack of interrupts has it.</summary>
    public const ulong OldSwitch = Text + 0xb00;

    /// <summary>Nothing known.</summary>
    public const ulong Unknown = Text + 0xc00;

    /// <summary>Where a new thread's stack begins, behind padding of which the table says nothing.</summary>
    public const ulong NewThread = Text + 0xe00;

    /// <summary>Behind all code.</summary>
    public const ulong TextEnd = Text + 0x3000;

    /// <summary>Code of the module: CFA at rsp+24, to 0x100 behind.</summary>
    public const ulong Module = 0xffff_ffff_c000_0000;

    public const ulong Stack = 0xffff_c900_0000_0000;
    public const int StackSize = 4096;

    public const ulong Addresses = 0xffff_ffff_8200_0000;
    public const ulong Entries = 0xffff_ffff_8210_0000;
    public const ulong ModuleList = 0xffff_ffff_8220_0000;
    public const ulong ModuleStruct = 0xffff_ffff_c010_0000;
    public const ulong ModuleAddresses = 0xffff_ffff_c020_0000;
    public const ulong ModuleEntries = 0xffff_ffff_c021_0000;

    private readonly List<(ulong Start, byte[] Bytes)> _blocks = [];
    private readonly byte[] _stack = new byte[StackSize];
    private readonly int _count;

    public OrcKernel(OrcFormat format, bool hasOldModules = false)
    {
        var table = new OrcBuilder(format);
        table.Add(Plain, "call", "sp", 16);
        table.Add(Framed, "call", "bp", 16, "prev_sp", -16);
        table.Add(Entry, "regs", "sp", 8);
        table.Add(EarlyEntry, "partial", "sp", 8);
        table.Add(Start, "end");
        table.Add(Switch, "call", "*sp", 8);
        table.Add(Aligned, "call", "*bp", -8, "bp", 0);
        table.Add(ByR10, "call", "r10");
        table.Add(ByR13, "call", "r13");
        table.Add(ByRdi, "call", "di", 16);
        table.Add(ByRdx, "partial", "dx", 8);
        table.Add(OldSwitch, "regs", "*sp", 8);
        table.Add(Unknown, "undefined");
        table.Add(NewThread, "end");
        for (ulong i = 0; i < 20; i++)
            table.Add(Text + 0x1000 + (i * 0x100), "call", "sp", 8);

        // What ends a section stands before what begins there.
        table.Add(Text + 0x2800, "undefined");
        table.Add(Text + 0x2800, "call", "sp", 32);
        table.Add(TextEnd, "undefined");
        _count = table.Count;
        (byte[] addresses, byte[] entries) = table.Build(Addresses);
        Add(Addresses, addresses).Add(Entries, entries).Add(Stack, _stack);

        OrcBuilder module = new OrcBuilder(format).Add(Module, "call", "sp", 24).Add(Module + 0x100, "undefined");
        (addresses, entries) = module.Build(ModuleAddresses);
        Add(ModuleAddresses, addresses).Add(ModuleEntries, entries);
        AddModule();
        HasOldModules = hasOldModules;
        Rules = CreateRules();
    }

    public bool HasOldModules { get; }

    public OrcUnwindRules Rules { get; private set; }

    /// <summary>The number that is another once the guest may have run.</summary>
    public long Generation { get; set; }

    /// <summary>Names that have no address.</summary>
    public HashSet<string> MissingSymbols { get; } = [];

    public bool HasTypes { get; set; } = true;

    public RegisterSet Registers { get; } = new(X64Architecture.Instance);

    /// <summary>Rules over another memory that lies over this one.</summary>
    public OrcUnwindRules CreateRules(IMemoryReader? memory = null) =>
        new(() => memory ?? this, () => Generation, FindSymbol, FindType);

    public OrcKernel With(Register register, ulong value)
    {
        Registers[register] = value;
        return this;
    }

    public OrcKernel At(ulong pc, ulong sp) => With(X64Register.Rip, pc).With(X64Register.Rsp, sp);

    public OrcKernel Word(ulong address, ulong value)
    {
        (ulong start, byte[] bytes) = _blocks.Single(block =>
            address >= block.Start && address - block.Start < (ulong)block.Bytes.Length
        );
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan((int)(address - start)), value);
        return this;
    }

    /// <summary>Writes a <c>struct pt_regs</c> whose general registers hold their place in it.</summary>
    public OrcKernel SavedRegisters(ulong address, ulong ip, ulong cs, ulong sp)
    {
        for (ulong i = 0; i < 16; i++)
            Word(address + (i * 8), i);

        return ProcessorFrame(address + 128, ip, cs, sp);
    }

    public OrcKernel ProcessorFrame(ulong address, ulong ip, ulong cs, ulong sp) =>
        Word(address, ip)
            .Word(address + 8, cs)
            .Word(address + 16, 0x246)
            .Word(address + 24, sp)
            .Word(address + 32, 0x18);

    public Backtrace Unwind() =>
        new Unwinder(new UnwindModuleList([], Rules), this, new UnwinderOptions { UseFramePointers = false }).Unwind(
            Registers
        );

    /// <summary>The frames by distance from the code's and the stack's start, and the end.</summary>
    public static string Describe(Backtrace trace) =>
        string.Join(
            " | ",
            trace.Frames.Select(frame =>
                $"{frame.Address.Value - Text:x}{(frame.Address.IsReturnAddress ? "!" : "")} "
                + $"sp={frame.Registers[X64Register.Rsp] - Stack:x} cfa={frame.CanonicalFrameAddress - Stack:x}"
            )
        ) + $" | {trace.End}";

    public int Read(ulong address, Span<byte> buffer)
    {
        foreach ((ulong start, byte[] bytes) in _blocks)
        {
            if (address < start || address - start >= (ulong)bytes.Length)
                continue;

            ReadOnlySpan<byte> there = bytes.AsSpan((int)(address - start));
            int count = Math.Min(there.Length, buffer.Length);
            there[..count].CopyTo(buffer);
            return count;
        }

        return 0;
    }

    public ulong? FindSymbol(string name) =>
        MissingSymbols.Contains(name)
            ? null
            : name switch
            {
                "__start_orc_unwind_ip" => Addresses,
                "__stop_orc_unwind_ip" => Addresses + ((ulong)_count * 4),
                "__start_orc_unwind" => Entries,
                "__stop_orc_unwind" => Entries + ((ulong)_count * 6),
                "modules" => ModuleList,
                _ => null,
            };

    private OrcKernel Add(ulong start, byte[] bytes)
    {
        _blocks.Add((start, bytes));
        return this;
    }

    /// <summary>The list with one module: list at 8, arch at 24, code at 64.</summary>
    private void AddModule()
    {
        Add(ModuleList, new byte[16]).Add(ModuleStruct, new byte[0x200]);
        Word(ModuleList, ModuleStruct + 8).Word(ModuleStruct + 8, ModuleList);
        Word(ModuleStruct + 24, 2).Word(ModuleStruct + 32, ModuleAddresses).Word(ModuleStruct + 40, ModuleEntries);
        Word(ModuleStruct + 64, Module).Word(ModuleStruct + 72, 0x100);
    }

    private DebugType? FindType(string name)
    {
        if (!HasTypes)
            return null;

        var btf = new BtfBuilder();
        uint number = btf.Integer("unsigned int", 4);
        uint pointer = btf.Pointer(0);
        uint list = btf.Struct("list_head", 16, ("next", pointer, 0, 0), ("prev", pointer, 64, 0));
        uint arch = btf.Struct(
            "mod_arch_specific",
            24,
            ("num_orcs", number, 0, 0),
            ("orc_unwind_ip", pointer, 64, 0),
            ("orc_unwind", pointer, 128, 0)
        );
        uint memory = btf.Struct("module_memory", 16, ("base", pointer, 0, 0), ("size", number, 64, 0));
        uint all = btf.Array(memory, 7, number);
        if (HasOldModules)
            btf.Struct("module", 0x200, ("list", list, 64, 0), ("arch", arch, 192, 0), ("core_layout", memory, 512, 0));
        else
            btf.Struct("module", 0x200, ("list", list, 64, 0), ("arch", arch, 192, 0), ("mem", all, 512, 0));

        return BtfTypeSource.Read(btf.Build(), "btf").FindType(name);
    }
}
