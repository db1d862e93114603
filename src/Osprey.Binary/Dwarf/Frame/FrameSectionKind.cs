namespace Osprey.Binary.Dwarf.Frame;

/// <summary>The two sections that hold call frame information; their entries differ slightly.</summary>
public enum FrameSectionKind
{
    /// <summary>
    /// <c>.eh_frame</c>: loaded with the program, for exceptions (Linux Standard Base, Core, section 10.6).
    /// </summary>
    EhFrame,

    /// <summary><c>.debug_frame</c>: for debuggers (DWARF 5, section 6.4).</summary>
    DebugFrame,
}
