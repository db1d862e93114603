using System.Buffers.Binary;

namespace Osprey.Guests.Linux.Stacks;

/// <summary>One entry of ORC, <c>struct orc_entry</c>, in the same terms for all formats.</summary>
/// <param name="StackOffset">The distance of the caller's stack pointer, or the saved registers, from its base.</param>
/// <param name="FrameOffset">The distance of the saved frame pointer from its base.</param>
/// <param name="StackBase">The base for the stack pointer.</param>
/// <param name="FrameBase">The base for the frame pointer.</param>
/// <param name="Type">The kind of frame.</param>
/// <param name="IsInterrupted">True when the caller was interrupted, so that its address is not behind a call.</param>
internal readonly record struct OrcEntry(
    short StackOffset,
    short FrameOffset,
    OrcRegister StackBase,
    OrcRegister FrameBase,
    OrcType Type,
    bool IsInterrupted
)
{
    /// <summary>The size of an entry in memory.</summary>
    public const int Size = 6;

    /// <summary>The registers by their numbers up to Linux 6.</summary>
    private static readonly OrcRegister[] s_registers =
    [
        OrcRegister.Undefined,
        OrcRegister.PreviousStackPointer,
        OrcRegister.Dx,
        OrcRegister.Di,
        OrcRegister.FramePointer,
        OrcRegister.StackPointer,
        OrcRegister.R10,
        OrcRegister.R13,
        OrcRegister.FramePointerIndirect,
        OrcRegister.StackPointerIndirect,
    ];

    /// <summary>The registers by their numbers in Linux 7.2.</summary>
    private static readonly OrcRegister[] s_renumbered =
    [
        OrcRegister.Undefined,
        OrcRegister.Ax,
        OrcRegister.Dx,
        OrcRegister.StackPointer,
        OrcRegister.FramePointer,
        OrcRegister.Di,
        OrcRegister.R10,
        OrcRegister.R13,
        OrcRegister.PreviousStackPointer,
        OrcRegister.StackPointerIndirect,
        OrcRegister.FramePointerIndirect,
    ];

    /// <summary>Decodes an entry.</summary>
    public static OrcEntry Read(ReadOnlySpan<byte> bytes, OrcFormat format)
    {
        int flags = GetFlags(bytes);
        OrcRegister stack = GetRegister(flags & 0xf, format);
        OrcRegister frame = GetRegister(flags >> 4 & 0xf, format);
        OrcType type = GetType(flags, format);
        if (stack == OrcRegister.Invalid || frame == OrcRegister.Invalid || flags >> 12 != 0)
            type = OrcType.Invalid;

        return new OrcEntry(
            BinaryPrimitives.ReadInt16LittleEndian(bytes),
            BinaryPrimitives.ReadInt16LittleEndian(bytes[sizeof(short)..]),
            stack,
            frame,
            type,
            format switch
            {
                OrcFormat.End => type is OrcType.Registers or OrcType.PartialRegisters,
                OrcFormat.SignalAndEnd => (flags & 0x400) != 0,
                _ => (flags & 0x800) != 0,
            }
        );
    }

    /// <summary>Gets the bits behind the two offsets.</summary>
    public static int GetFlags(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt16LittleEndian(bytes[4..]);

    private static OrcRegister GetRegister(int number, OrcFormat format)
    {
        OrcRegister[] registers = format == OrcFormat.Renumbered ? s_renumbered : s_registers;
        return number < registers.Length ? registers[number] : OrcRegister.Invalid;
    }

    private static OrcType GetType(int flags, OrcFormat format)
    {
        bool hasBase = (flags & 0xf) != 0;
        if (format is OrcFormat.Types or OrcFormat.Renumbered)
        {
            int type = flags >> 8 & 7;
            return type > (int)OrcType.PartialRegisters || (!hasBase && type >= (int)OrcType.Call)
                ? OrcType.Invalid
                : (OrcType)type;
        }

        if (!hasBase)
            return (flags & (format == OrcFormat.End ? 0x400 : 0x800)) != 0 ? OrcType.EndOfStack : OrcType.Undefined;

        return (flags >> 8 & 3) switch
        {
            0 => OrcType.Call,
            1 => OrcType.Registers,
            2 => OrcType.PartialRegisters,
            _ => OrcType.Invalid,
        };
    }
}
