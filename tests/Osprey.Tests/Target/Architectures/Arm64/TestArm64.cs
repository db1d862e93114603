using System.Buffers.Binary;
using Osprey.Binary.Elf;
using Osprey.Symbols.Modules;
using Osprey.Target.Architectures;

namespace Osprey.Tests.Target.Architectures.Arm64;

/// <summary>
/// AArch64 as a second architecture would be added: nothing outside this file knows of it. Registers have the numbers
/// of "DWARF for the Arm 64-bit Architecture": x0 to x30, sp 31, pc 32.
/// </summary>
internal sealed class TestArm64 : ICallInstructions
{
    private const uint BranchWithLink = 0x9400_0000; // bl imm26

    public static Architecture Instance { get; } = Create();

    public int ShortestCall => 4;

    public int LongestCall => 4;

    public int DirectCallSize => 4;

    public static Register X(int number) => Instance.Registers[number];

    public bool EndsWithCall(ReadOnlySpan<byte> bytes) => ReturnAddressCheck.EndsWithArm64Call(bytes);

    public ulong? GetTarget(ReadOnlySpan<byte> bytes, ulong returnAddress)
    {
        uint word = BinaryPrimitives.ReadUInt32LittleEndian(bytes[^4..]);
        long words = unchecked((int)(word << 6)) >> 6;
        return (word & 0xfc00_0000) == BranchWithLink ? unchecked(returnAddress - 4 + (ulong)(words * 4)) : null;
    }

    private static Architecture Create()
    {
        Register[] registers = [.. Enumerable.Range(0, 33).Select(MakeRegister)];
        return new Architecture("AArch64", registers)
        {
            ProgramCounter = registers[32],
            StackPointer = registers[31],
            FramePointer = registers[29],
            ReturnAddress = registers[30],
            AddressBits = 49, // two halves of 48 bits
            Machines = [ElfMachine.Arm64],
            GdbNames = ["aarch64"],
            BreakpointKind = 4,
            Calls = new TestArm64(),
        };
    }

    private static Register MakeRegister(int number) =>
        new(
            number,
            number switch
            {
                31 => "sp",
                32 => "pc",
                _ => $"x{number}",
            }
        )
        {
            DwarfNumber = number,
            OtherNames = number switch
            {
                29 => ["fp"],
                30 => ["lr"],
                _ => [],
            },
            Preservation = number switch
            {
                >= 19 and <= 29 => RegisterPreservation.Preserved,
                <= 30 => RegisterPreservation.Clobbered,
                _ => RegisterPreservation.Unaffected,
            },
        };
}
