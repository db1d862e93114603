namespace Osprey.Guests.Linux.Stacks;

/// <summary>The kind of frame that an entry of ORC describes.</summary>
internal enum OrcType
{
    /// <summary>Code of which nothing is known.</summary>
    Undefined, // ORC_TYPE_UNDEFINED

    /// <summary>Code where a stack begins.</summary>
    EndOfStack, // ORC_TYPE_END_OF_STACK

    /// <summary>A function: the return address is below the caller's stack pointer.</summary>
    Call, // ORC_TYPE_CALL

    /// <summary>Code that was entered with all registers saved, a <c>struct pt_regs</c>.</summary>
    Registers, // ORC_TYPE_REGS

    /// <summary>Code that was entered with no more than what the processor saves by itself.</summary>
    PartialRegisters, // ORC_TYPE_REGS_PARTIAL, ORC_TYPE_REGS_IRET

    /// <summary>An entry that makes no sense.</summary>
    Invalid,
}
