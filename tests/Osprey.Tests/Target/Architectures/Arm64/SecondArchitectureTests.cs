using System.Buffers.Binary;
using Osprey.Binary.Dwarf.Frame;
using Osprey.Binary.Elf;
using Osprey.Symbols.Modules;
using Osprey.Target.Architectures;
using Osprey.Target.Memory;
using Osprey.Target.Unwinding;
using Osprey.Tests.Builders.Dwarf;
using static Osprey.Tests.Target.Architectures.Arm64.TestArm64;

namespace Osprey.Tests.Target.Architectures.Arm64;

/// <summary>What stands above architectures works with one that it was never told of.</summary>
public class SecondArchitectureTests
{
    // Functions of 0x100 bytes each.
    private const ulong Leaf = 0x1000; // keeps nothing: its return address stays in x30
    private const ulong Saving = 0x1100; // saves x29 and x30 in a frame of 32 bytes
    private const ulong Outermost = 0x1200;
    private const ulong Bare = 0x1300; // no call frame information

    [Fact]
    public void Registers_HaveTheirNamesAndNumbers()
    {
        Assert.Equal(33, Instance.Registers.Count);
        Assert.Same(X(30), Instance.FindRegister("LR"));
        Assert.Same(X(29), Instance.FindRegister("x29"));
        Assert.Null(Instance.FindRegister("rax"));
        Assert.Equal("x0 x30 sp pc", $"{X(0)} {X(30)} {Instance.StackPointer} {Instance.ProgramCounter}");
        Assert.All(Enumerable.Range(0, 33), number => Assert.Same(X(number), Instance.FindDwarfRegister(number)));
        Assert.Null(Instance.FindDwarfRegister(33));
        Assert.Null(Instance.FindDwarfRegister(-1));
    }

    [Fact]
    public void RegisterSet_HoldsAllOfThem()
    {
        var registers = new RegisterSet(Instance);
        foreach (Register register in Instance.Registers)
        {
            Assert.Null(registers[register]);
            registers[register] = (ulong)register.Index + 100;
        }

        RegisterSet copy = registers.Copy();
        registers[X(7)] = null;

        Assert.Equal(Enumerable.Range(100, 33), Instance.Registers.Select(register => (int)copy[register]!.Value));
        Assert.False(registers.TryGet(X(7), out ulong value));
        Assert.Equal((0UL, 132UL, 131UL), (value, registers.ProgramCounter, registers.StackPointer));
    }

    [Fact]
    public void Addresses_OfBothHalves_AreCanonical() =>
        Assert.Equal(
            [true, true, false, false, true],
            ((ulong[])[0, 0xffff_ffff_ffff, 0x1_0000_0000_0000, 0xfffe_ffff_ffff_ffff, 0xffff_0000_0000_0000]).Select(
                Instance.IsCanonical
            )
        );

    [Theory]
    [InlineData(8, false, 0x0807060504030201UL)]
    [InlineData(8, true, 0x0102030405060708UL)]
    [InlineData(4, false, 0x04030201UL)]
    [InlineData(4, true, 0x01020304UL)]
    public void Pointers_HaveTheSizeAndOrderOfTheArchitecture(int size, bool isBigEndian, ulong expected)
    {
        var architecture = new Architecture("test", Instance.Registers)
        {
            ProgramCounter = X(32),
            StackPointer = X(31),
            PointerSize = size,
            IsBigEndian = isBigEndian,
        };
        IMemoryReader memory = new ArrayMemory(0x7000, [1, 2, 3, 4, 5, 6, 7, 8]);

        Assert.True(architecture.TryReadPointer(memory, 0x7000, out ulong value));
        Assert.Equal(expected, value);
        Assert.False(architecture.TryReadPointer(memory, 0x7006, out _));
    }

    [Fact]
    public void Unwind_LeafThenFrameInformationThenFramePointers_EndsAtTheOutermost()
    {
        byte[] stack = new byte[0x1000];
        Word(stack, 0x7010, 0x7100); // x29 of the caller of Saving, at its CFA - 16
        Word(stack, 0x7018, Bare + 0x50);
        Word(stack, 0x7100, 0);
        Word(stack, 0x7108, Outermost + 0x10);
        var registers = new RegisterSet(Instance)
        {
            [Instance.ProgramCounter] = Leaf + 4,
            [Instance.StackPointer] = 0x7000,
            [X(30)] = Saving + 0x40,
            [X(19)] = 5,
            [X(0)] = 9,
        };

        Backtrace trace = new Unwinder(BuildModules(), new ArrayMemory(0x7000, stack)).Unwind(registers);

        Assert.Equal(
            "1004 sp=7000 Start | 1140! sp=7000 CallFrameInformation | 1350! sp=7020 CallFrameInformation | "
                + "1210! sp=7110 FramePointer | end of stack",
            Describe(trace)
        );
        Assert.Equal((5UL, null), (trace.Frames[2].Registers[X(19)], trace.Frames[2].Registers[X(0)]));
        Assert.Equal(Bare + 0x50, trace.Frames[2].Registers[X(30)]);
        Assert.Null(trace.Frames[3].Registers[X(19)]);
    }

    [Fact]
    public void Unwind_LeafThatWasReturnedTo_IsNotGivenItsOwnAddressAgain()
    {
        // A function that made a call and saved nothing: x30 of its frame would be its own address.
        byte[] stack = new byte[0x1000];
        Word(stack, 0x7010, 0);
        Word(stack, 0x7018, Leaf + 8);
        var registers = new RegisterSet(Instance)
        {
            [Instance.ProgramCounter] = Saving + 4,
            [Instance.StackPointer] = 0x7000,
        };

        Assert.Equal(
            "1104 sp=7000 Start | 1008! sp=7020 CallFrameInformation | end of stack",
            Describe(new Unwinder(BuildModules(), new ArrayMemory(0x7000, stack)).Unwind(registers))
        );
    }

    [Fact]
    public void Unwind_FramePointerToNoCall_IsNotBelieved()
    {
        byte[] stack = new byte[0x1000];
        Word(stack, 0x7108, Outermost + 0x14); // no call in front of it
        var registers = new RegisterSet(Instance)
        {
            [Instance.ProgramCounter] = Bare,
            [Instance.StackPointer] = 0x7000,
            [X(29)] = 0x7100,
        };

        Assert.Equal(
            "1300 sp=7000 Start | no call frame information at 0x1300, and the frame pointer is not sane",
            Describe(new Unwinder(BuildModules(), new ArrayMemory(0x7000, stack)).Unwind(registers))
        );
    }

    private static UnwindModuleList BuildModules()
    {
        var builder = new FrameSectionBuilder(FrameSectionKind.EhFrame, 0x3000);
        int common = builder.AddCommon(program: [0x0c, 31, 0], returnAddress: 30); // CFA = sp
        builder.AddDescription(common, Leaf, 0x100);
        builder.AddDescription(common, Saving, 0x100, 0x0e, 32, 0x80 | 29, 2, 0x80 | 30, 1);
        builder.AddDescription(common, Outermost, 0x100, 0x07, 30);

        byte[] code = new byte[0x1000];
        foreach (ulong returnAddress in (ulong[])[Leaf + 8, Saving + 0x40, Bare + 0x50, Outermost + 0x10])
            BinaryPrimitives.WriteUInt32LittleEndian(code.AsSpan((int)(returnAddress - 4 - Leaf)), 0x9400_0010);

        var elf = new ElfBuilder { Machine = ElfMachine.Arm64 };
        elf.AddText(Leaf, code);
        elf.AddSection(
            ".eh_frame",
            builder.Build().Content.ToArray(),
            flags: ElfSectionFlags.Allocated,
            address: 0x3000
        );
        return new UnwindModuleList([new UnwindModule(elf.BuildImage(), LoadBias.None)]);
    }

    private static void Word(byte[] stack, ulong address, ulong value) =>
        BinaryPrimitives.WriteUInt64LittleEndian(stack.AsSpan((int)(address - 0x7000)), value);

    private static string Describe(Backtrace trace) =>
        string.Join(
            " | ",
            trace.Frames.Select(frame =>
                $"{frame.Address.Value:x}{(frame.Address.IsReturnAddress ? "!" : "")} "
                + $"sp={frame.Registers.StackPointer:x} {frame.Origin}"
            )
        ) + $" | {trace.End}";

    /// <summary>Memory that is one array.</summary>
    private sealed class ArrayMemory(ulong start, byte[] bytes) : IMemoryReader
    {
        public int Read(ulong address, Span<byte> buffer)
        {
            if (address < start || address - start >= (ulong)bytes.Length)
                return 0;

            ReadOnlySpan<byte> there = bytes.AsSpan((int)(address - start));
            int count = Math.Min(there.Length, buffer.Length);
            there[..count].CopyTo(buffer);
            return count;
        }
    }
}
