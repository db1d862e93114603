using Iced.Intel;
using Osprey.Target.Architectures;
using Osprey.Target.Architectures.X64;
using Register = Osprey.Target.Architectures.Register;

namespace Osprey.Tests.Target.Architectures;

/// <summary>What is executed in place of a step, beside a disassembler that is not ours.</summary>
public sealed class X64SimpleInstructionsTests
{
    private const ulong Place = 0xffff_ffff_8100_0000;
    private const ulong Top = 0xffff_c900_0000_1000;

    [Theory]
    [InlineData("90", 1)]
    [InlineData("6690", 2)]
    [InlineData("0f1f00", 3)]
    [InlineData("0f1f4000", 4)]
    [InlineData("0f1f440000", 5)]
    [InlineData("660f1f440000", 6)]
    [InlineData("0f1f8000000000", 7)]
    [InlineData("0f1f840000000000", 8)]
    [InlineData("66662e0f1f840000000000", 11)]
    [InlineData("f30f1efa", 4)]
    public void Nops_MoveTheProgramCounterAlone(string hex, ulong size)
    {
        SimpleEffect? effect = Find(Convert.FromHexString(hex), Registers());

        Assert.NotNull(effect);
        Assert.Equal([(X64Register.Rip, Place + size)], effect.Registers);
        Assert.Null(effect.Store);
    }

    [Fact]
    public void Pushes_WriteTheStack()
    {
        RegisterSet registers = Registers();
        SimpleEffect? effect = Find([0x41, 0x54], registers); // push %r12

        Assert.NotNull(effect);
        Assert.Equal([(X64Register.Rsp, Top - 8), (X64Register.Rip, Place + 2)], effect.Registers);
        Assert.Equal((Top - 8, registers[X64Register.R12]), (effect.Store!.Value.Address, ToNumber(effect)));
        Assert.Equal(Top, ToNumber(Find([0x54], registers)!)); // push %rsp: its value before
    }

    [Theory]
    [InlineData("89e5", "rbp", 0xffff_ffff_0000_1000UL, 0x1000UL, 2)] // mov %esp,%ebp clears the upper half
    [InlineData("4889e5", "rbp", 0xffff_c900_0000_1000UL, 0xffff_c900_0000_1000UL, 3)] // mov %rsp,%rbp
    [InlineData("4c8bd4", "r10", 0xffff_c900_0000_1000UL, 0xffff_c900_0000_1000UL, 3)] // mov %rsp,%r10
    public void Moves_CopyARegister(string hex, string into, ulong top, ulong moved, ulong size)
    {
        RegisterSet registers = Registers();
        registers[X64Register.Rsp] = top;
        SimpleEffect? effect = Find(Convert.FromHexString(hex), registers);

        Assert.NotNull(effect);
        Assert.Equal(
            [(X64Architecture.Instance.FindRegister(into)!, moved), (X64Register.Rip, Place + size)],
            effect.Registers
        );
        Assert.Null(effect.Store);
    }

    [Theory]
    [InlineData("4883ec18", Top, 24L)]
    [InlineData("4883ecf8", Top, -8L)] // room of -8 bytes: CF
    [InlineData("4881ec00010000", 0x100UL, 256L)] // ZF
    [InlineData("4883ec08", 0UL, 8L)] // CF, SF
    [InlineData("4883ec08", 0x8000_0000_0000_0004UL, 8L)] // OF, AF
    [InlineData("4881ecffffffff", 0x7fff_ffff_ffff_ffffUL, -1L)] // OF the other way
    public void Room_SetsTheFlags(string hex, ulong top, long size)
    {
        RegisterSet registers = Registers();
        registers[X64Register.Rsp] = top;
        registers[X64Register.Rflags] = 0xad7; // all flags of a result, and the interrupt flag
        SimpleEffect? effect = Find(Convert.FromHexString(hex), registers);

        // In wider numbers than the processor's, as the manual words it.
        Int128 exact = (Int128)unchecked((long)top) - size;
        ulong left = unchecked((ulong)exact);
        ulong low = left & 0xff;
        ulong odd =
            (low ^ (low >> 1) ^ (low >> 2) ^ (low >> 3) ^ (low >> 4) ^ (low >> 5) ^ (low >> 6) ^ (low >> 7)) & 1;
        ulong flags = 0x202;
        flags |= (UInt128)top < unchecked((ulong)size) ? 1UL : 0; // CF: a borrow
        flags |= odd == 0 ? 4UL : 0; // PF
        flags |= (top & 15) < (unchecked((ulong)size) & 15) ? 16UL : 0; // AF: a borrow of the lowest four bits
        flags |= left == 0 ? 64UL : 0; // ZF
        flags |= unchecked((long)left) < 0 ? 128UL : 0; // SF
        flags |= exact > long.MaxValue || exact < long.MinValue ? 2048UL : 0; // OF

        Assert.NotNull(effect);
        Assert.Equal(
            [(X64Register.Rsp, left), (X64Register.Rflags, flags), (X64Register.Rip, Place + (ulong)(hex.Length / 2))],
            effect.Registers
        );
    }

    [Theory]
    [InlineData("cs", 0x33UL)]
    [InlineData("efer", 0UL)]
    [InlineData("eflags", 0x302UL)]
    public void Programs_OtherModesAndTraps_AreStepped(string register, ulong value)
    {
        RegisterSet registers = Registers();
        registers[X64Architecture.Instance.FindRegister(register)!] = value;
        Assert.Null(Find([0x90], registers));
        registers[X64Architecture.Instance.FindRegister(register)!] = null;
        Assert.Null(Find([0x90], registers));
    }

    [Fact]
    public void Instructions_AreWhatADisassemblerSays()
    {
        var random = new Random(7);
        byte[][] beginnings =
        [
            [],
            [0x66],
            [0x66, 0x0f, 0x1f],
            [0x0f, 0x1f],
            [0x0f],
            [0x41],
            [0xf3, 0x0f, 0x1e],
            [0x50],
            [0x89],
            [0x48, 0x89],
            [0x4d, 0x8b],
            [0x66, 0x89],
            [0x48, 0x83, 0xec],
            [0x48, 0x81],
        ];
        RegisterSet registers = Registers();
        var known = new Dictionary<Mnemonic, int>();
        for (int round = 0; round < 200_000; round++)
        {
            byte[] code = new byte[15];
            random.NextBytes(code);
            beginnings[round % beginnings.Length].CopyTo(code, 0);
            ReadOnlySpan<byte> part = code.AsSpan(0, random.Next(code.Length + 1));
            if (Find(part, registers) is not { } effect)
                continue;

            Instruction expected = Decoder.Create(64, new ByteArrayCodeReader(code), Place).Decode();
            Assert.Equal(expected.NextIP, effect.Registers[^1].Value);
            Assert.True(expected.Length <= part.Length);
            known[expected.Mnemonic] = known.GetValueOrDefault(expected.Mnemonic) + 1;
            Assert.Equal(expected.Mnemonic == Mnemonic.Push, effect.Store is not null);
            switch (expected.Mnemonic)
            {
                case Mnemonic.Nop or Mnemonic.Endbr64:
                    Assert.Single(effect.Registers);
                    break;
                case Mnemonic.Push:
                    Assert.Equal(registers[Full(expected.Op0Register)], ToNumber(effect));
                    break;
                case Mnemonic.Mov:
                    ulong value = registers[Full(expected.Op1Register)]!.Value;
                    bool isWide = expected.Op0Register.GetSize() == 8;
                    Assert.True(isWide || expected.Op0Register.GetSize() == 4, expected.ToString());
                    Assert.Equal(
                        (Full(expected.Op0Register), isWide ? value : value & uint.MaxValue),
                        effect.Registers[0]
                    );
                    break;
                default:
                    Assert.Equal((Mnemonic.Sub, Iced.Intel.Register.RSP), (expected.Mnemonic, expected.Op0Register));
                    ulong taken = unchecked((ulong)expected.GetImmediate(1));
                    Assert.Equal((X64Register.Rsp, unchecked(Top - taken)), effect.Registers[0]);
                    break;
            }
        }

        Mnemonic[] all = [Mnemonic.Nop, Mnemonic.Endbr64, Mnemonic.Push, Mnemonic.Mov, Mnemonic.Sub];
        Assert.All(
            all,
            one => Assert.True(known.GetValueOrDefault(one) > 20, $"{one}: {known.GetValueOrDefault(one)}")
        );
        Assert.Equal(all.Length, known.Count);
    }

    private static Register Full(Iced.Intel.Register register) =>
        X64Architecture.Instance.FindRegister(register.GetFullRegister().ToString().ToLowerInvariant())!;

    private static SimpleEffect? Find(ReadOnlySpan<byte> code, RegisterSet registers) =>
        X64Architecture.Instance.SimpleInstructions!.Find(registers, code);

    private static ulong ToNumber(SimpleEffect effect) => BitConverter.ToUInt64(effect.Store!.Value.Bytes);

    private static RegisterSet Registers()
    {
        var registers = new RegisterSet(X64Architecture.Instance);
        foreach (Register register in X64Architecture.Instance.Registers.Take(16))
            registers[register] = 0xabcd_0000_1000UL + (ulong)register.Index;

        registers[X64Register.Rsp] = Top;
        registers[X64Register.Rip] = Place;
        registers[X64Register.Rflags] = 2;
        registers[X64Register.Cs] = 0x10;
        registers[X64Register.Efer] = 0xd01;
        return registers;
    }
}
