using Iced.Intel;
using CodeReader = Osprey.Target.Unwinding.Instructions.CodeReader;

namespace Osprey.Target.Architectures.X64;

/// <summary>
/// Follows code without call frame information to where it jumps into code that has some. Stubs that a fault goes on
/// in, such as those of an exception table, are a few instructions of this kind: the frame is that of the function that
/// they jump back into.
/// </summary>
/// <param name="code">Reads the instructions.</param>
internal sealed class X64JumpFollower(CodeReader code)
{
    private const int MaxInstructions = 16;
    private const int MaxInstructionSize = 15;

    private readonly InstructionInfoFactory _effects = new();

    /// <summary>
    /// The first address on the one way from <paramref name="pc"/> that something is known of, when no instruction
    /// before it moves the stack or changes a register that a frame may be counted from; otherwise null.
    /// </summary>
    /// <param name="pc">The instruction to start at.</param>
    /// <param name="isKnown">Whether something is known of an address.</param>
    public ulong? Follow(ulong pc, Func<ulong, bool> isKnown)
    {
        byte[] bytes = new byte[MaxInstructionSize];
        var reader = new ByteArrayCodeReader(bytes);
        for (int i = 0; i < MaxInstructions; i++)
        {
            Array.Clear(bytes);
            int count = code.Read(pc, bytes);
            reader.Position = 0;
            Decoder.Create(64, reader, pc).Decode(out Instruction instruction);
            if (instruction.IsInvalid || instruction.Length > count)
                return null;

            // What runs into a known function without a jump is its neighbour and not a part of it.
            bool isJump = instruction.FlowControl == FlowControl.UnconditionalBranch;
            if (!isJump && (instruction.FlowControl != FlowControl.Next || !LeavesFrameAlone(instruction)))
                return null;

            pc = isJump ? instruction.NearBranchTarget : instruction.NextIP;
            if (isKnown(pc))
                return isJump ? pc : null;
        }

        return null;
    }

    private bool LeavesFrameAlone(Instruction instruction)
    {
        if (instruction.IsStackInstruction)
            return false;

        foreach (UsedRegister used in _effects.GetInfo(instruction).GetUsedRegisters())
        {
            // r10 is what a function that aligns its stack counts its frame from at first.
            bool isFrames =
                used.Register.GetFullRegister()
                is Iced.Intel.Register.RSP
                    or Iced.Intel.Register.RBP
                    or Iced.Intel.Register.RBX
                    or Iced.Intel.Register.R10
                    or (>= Iced.Intel.Register.R12 and <= Iced.Intel.Register.R15);
            if (
                isFrames
                && used.Access is not (OpAccess.Read or OpAccess.CondRead or OpAccess.NoMemAccess or OpAccess.None)
            )
                return false;
        }

        return true;
    }
}
