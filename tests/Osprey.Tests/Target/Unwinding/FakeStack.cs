using System.Buffers.Binary;
using Osprey.Binary.Dwarf.Frame;
using Osprey.Binary.Elf;
using Osprey.Symbols.Modules;
using Osprey.Target.Architectures;
using Osprey.Target.Architectures.X64;
using Osprey.Target.Memory;
using Osprey.Target.Unwinding;
using Osprey.Tests.Builders.Dwarf;

namespace Osprey.Tests.Target.Unwinding;

/// <summary>A stack of 4 KiB at 0x7000, and a module at 0x1000 with a few kinds of functions.</summary>
internal sealed class FakeStack : IMemoryReader
{
    /// <summary>Functions whose CFA is rsp+16.</summary>
    public const ulong Plain = 0x1000;

    /// <summary>Where an interrupt's handler starts: rip at CFA+8, rsp at CFA+32, CFA at rsp.</summary>
    public const ulong Interrupt = 0x1100;

    /// <summary>Where threads start: no caller.</summary>
    public const ulong Outermost = 0x1200;

    /// <summary>Counts from rbx.</summary>
    public const ulong ByRbx = 0x1300;

    /// <summary>Code without call frame information, to 0x2000.</summary>
    public const ulong Bare = 0x1400;

    /// <summary>Data of the module, to 0x4800.</summary>
    public const ulong Data = 0x4000;

    public const ulong Start = 0x7000;

    private readonly byte[] _stack = new byte[0x1000];
    private readonly byte[] _code = new byte[0x1000];

    public FakeStack() => Array.Fill(_code, (byte)0x90);

    public RegisterSet Registers { get; } = new(X64Architecture.Instance);

    public FakeStack Word(ulong address, ulong value)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(_stack.AsSpan((int)(address - Start)), value);
        return this;
    }

    public FakeStack Code(ulong address, params byte[] bytes)
    {
        bytes.CopyTo(_code, (int)(address - Plain));
        return this;
    }

    /// <summary>Puts a call in front of a return address.</summary>
    public FakeStack Call(ulong returnAddress, ulong target)
    {
        Code(returnAddress - 5, 0xe8);
        return Code(returnAddress - 4, BitConverter.GetBytes(unchecked((int)(target - returnAddress))));
    }

    public FakeStack Jump(ulong address, ulong target)
    {
        Code(address, 0xe9);
        return Code(address + 1, BitConverter.GetBytes(unchecked((int)(target - (address + 5)))));
    }

    public FakeStack With(Register register, ulong value)
    {
        Registers[register] = value;
        return this;
    }

    public FakeStack At(ulong pc, ulong sp) => With(X64Register.Rip, pc).With(X64Register.Rsp, sp);

    public Backtrace Unwind(UnwinderOptions? options = null) =>
        new Unwinder(BuildModules(), this, options).Unwind(Registers);

    public UnwindModuleList BuildModules()
    {
        var builder = new FrameSectionBuilder(FrameSectionKind.EhFrame, 0x3000);
        int plain = builder.AddCommon();
        builder.AddDescription(plain, Plain, 0x100, 0x0e, 16);
        int signal = builder.AddCommon(1, "zRS", [0], [0x0c, 7, 0, 0x11, 16, 0x7f, 0x11, 7, 0x7c, 0x86, 1]);
        builder.AddDescription(signal, BitConverter.GetBytes(Interrupt), BitConverter.GetBytes(0x100UL), [], true);
        builder.AddDescription(plain, Outermost, 0x100, 0x07, 16);
        builder.AddDescription(plain, ByRbx, 0x100, 0x0c, 3, 16);

        var elf = new ElfBuilder();
        elf.AddText(Plain, _code);
        elf.AddSegment(new ElfSegment(ElfSegmentType.Load, 6, 0, Data, Data, 0, 0x800, 1));
        elf.AddSection(
            ".eh_frame",
            builder.Build().Content.ToArray(),
            flags: ElfSectionFlags.Allocated,
            address: 0x3000
        );
        return new UnwindModuleList([new UnwindModule(elf.BuildImage(), LoadBias.None)]);
    }

    public int Read(ulong address, Span<byte> buffer)
    {
        if (address < Start || address >= Start + (ulong)_stack.Length)
            return 0;

        ReadOnlySpan<byte> there = _stack.AsSpan((int)(address - Start));
        int count = Math.Min(there.Length, buffer.Length);
        there[..count].CopyTo(buffer);
        return count;
    }
}
