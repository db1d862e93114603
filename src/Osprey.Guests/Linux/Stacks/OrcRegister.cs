namespace Osprey.Guests.Linux.Stacks;

/// <summary>The register that an entry of ORC counts from.</summary>
internal enum OrcRegister
{
    /// <summary>None: for the stack pointer not known, for the frame pointer not changed.</summary>
    Undefined, // ORC_REG_UNDEFINED

    /// <summary>The stack pointer of the caller.</summary>
    PreviousStackPointer, // ORC_REG_PREV_SP

    /// <summary>rax.</summary>
    Ax, // ORC_REG_AX

    /// <summary>rdx.</summary>
    Dx, // ORC_REG_DX

    /// <summary>rdi.</summary>
    Di, // ORC_REG_DI

    /// <summary>rbp.</summary>
    FramePointer, // ORC_REG_BP

    /// <summary>rsp.</summary>
    StackPointer, // ORC_REG_SP

    /// <summary>r10.</summary>
    R10, // ORC_REG_R10

    /// <summary>r13.</summary>
    R13, // ORC_REG_R13

    /// <summary>A word in memory that rbp leads to.</summary>
    FramePointerIndirect, // ORC_REG_BP_INDIRECT

    /// <summary>A word in memory that rsp leads to.</summary>
    StackPointerIndirect, // ORC_REG_SP_INDIRECT

    /// <summary>A number that stands for none.</summary>
    Invalid,
}
