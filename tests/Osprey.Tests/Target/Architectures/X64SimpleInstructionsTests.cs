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
        ];
        RegisterSet registers = Registers();
        int known = 0;
        for (int round = 0; round < 200_000; round++)
        {
            byte[] code = new byte[15];
            random.NextBytes(code);
            beginnings[round % beginnings.Length].CopyTo(code, 0);
            ReadOnlySpan<byte> part = code.AsSpan(0, random.Next(code.Length + 1));
            if (Find(part, registers) is not { } effect)
                continue;

            known++;
            Instruction expected = Decoder.Create(64, new ByteArrayCodeReader(code), Place).Decode();
            Assert.Equal(expected.NextIP, effect.Registers[^1].Value);
            Assert.True(expected.Length <= part.Length);
            if (effect.Store is null)
            {
                Assert.True(expected.Mnemonic is Mnemonic.Nop or Mnemonic.Endbr64, expected.ToString());
                continue;
            }

            Assert.Equal(Mnemonic.Push, expected.Mnemonic);
            string name = expected.Op0Register.ToString().ToLowerInvariant();
            Assert.Equal(registers[X64Architecture.Instance.FindRegister(name)!], ToNumber(effect));
        }

        Assert.True(known > 20_000, $"{known}");
    }

    private static SimpleEffect? Find(ReadOnlySpan<byte> code, RegisterSet registers) =>
        X64Architecture.Instance.SimpleInstructions!.Find(registers, code);

    private static ulong ToNumber(SimpleEffect effect) => BitConverter.ToUInt64(effect.Store!.Value.Bytes);

    private static RegisterSet Registers()
    {
        var registers = new RegisterSet(X64Architecture.Instance);
        foreach (Register register in X64Architecture.Instance.Registers.Take(16))
            registers[register] = 0x1000UL + (ulong)register.Index;

        registers[X64Register.Rsp] = Top;
        registers[X64Register.Rip] = Place;
        registers[X64Register.Rflags] = 2;
        registers[X64Register.Cs] = 0x10;
        registers[X64Register.Efer] = 0xd01;
        return registers;
    }
}
