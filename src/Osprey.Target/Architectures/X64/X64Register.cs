namespace Osprey.Target.Architectures.X64;

/// <summary>
/// The registers of an x86-64 CPU that Osprey knows, with the numbers that DWARF gives them (System V psABI AMD64,
/// figure 3.36) and the preservation of that ABI.
/// </summary>
public static class X64Register
{
    /// <summary>General-purpose register: the result of a call.</summary>
    public static Register Rax { get; } =
        new(0, "rax")
        {
            DwarfNumber = 0,
            Preservation = RegisterPreservation.Clobbered,
            SavedNames = ["rax", "ax"],
        };

    /// <summary>General-purpose register: the third argument of a call.</summary>
    public static Register Rdx { get; } =
        new(1, "rdx")
        {
            DwarfNumber = 1,
            Preservation = RegisterPreservation.Clobbered,
            SavedNames = ["rdx", "dx"],
        };

    /// <summary>General-purpose register: the fourth argument of a call.</summary>
    public static Register Rcx { get; } =
        new(2, "rcx")
        {
            DwarfNumber = 2,
            Preservation = RegisterPreservation.Clobbered,
            SavedNames = ["rcx", "cx"],
        };

    /// <summary>General-purpose register.</summary>
    public static Register Rbx { get; } =
        new(3, "rbx")
        {
            DwarfNumber = 3,
            Preservation = RegisterPreservation.Preserved,
            SavedNames = ["rbx", "bx"],
        };

    /// <summary>General-purpose register: the second argument of a call.</summary>
    public static Register Rsi { get; } =
        new(4, "rsi")
        {
            DwarfNumber = 4,
            Preservation = RegisterPreservation.Clobbered,
            SavedNames = ["rsi", "si"],
        };

    /// <summary>General-purpose register: the first argument of a call.</summary>
    public static Register Rdi { get; } =
        new(5, "rdi")
        {
            DwarfNumber = 5,
            Preservation = RegisterPreservation.Clobbered,
            SavedNames = ["rdi", "di"],
        };

    /// <summary>General-purpose register: the frame pointer, in code that keeps one.</summary>
    public static Register Rbp { get; } =
        new(6, "rbp")
        {
            DwarfNumber = 6,
            Preservation = RegisterPreservation.Preserved,
            SavedNames = ["rbp", "bp"],
        };

    /// <summary>General-purpose register: the stack pointer.</summary>
    public static Register Rsp { get; } = new(7, "rsp") { DwarfNumber = 7, SavedNames = ["rsp", "sp"] };

    /// <summary>General-purpose register: the fifth argument of a call.</summary>
    public static Register R8 { get; } =
        new(8, "r8")
        {
            DwarfNumber = 8,
            Preservation = RegisterPreservation.Clobbered,
            SavedNames = ["r8"],
        };

    /// <summary>General-purpose register: the sixth argument of a call.</summary>
    public static Register R9 { get; } =
        new(9, "r9")
        {
            DwarfNumber = 9,
            Preservation = RegisterPreservation.Clobbered,
            SavedNames = ["r9"],
        };

    /// <summary>General-purpose register.</summary>
    public static Register R10 { get; } =
        new(10, "r10")
        {
            DwarfNumber = 10,
            Preservation = RegisterPreservation.Clobbered,
            SavedNames = ["r10"],
        };

    /// <summary>General-purpose register.</summary>
    public static Register R11 { get; } =
        new(11, "r11")
        {
            DwarfNumber = 11,
            Preservation = RegisterPreservation.Clobbered,
            SavedNames = ["r11"],
        };

    /// <summary>General-purpose register.</summary>
    public static Register R12 { get; } =
        new(12, "r12")
        {
            DwarfNumber = 12,
            Preservation = RegisterPreservation.Preserved,
            SavedNames = ["r12"],
        };

    /// <summary>General-purpose register.</summary>
    public static Register R13 { get; } =
        new(13, "r13")
        {
            DwarfNumber = 13,
            Preservation = RegisterPreservation.Preserved,
            SavedNames = ["r13"],
        };

    /// <summary>General-purpose register.</summary>
    public static Register R14 { get; } =
        new(14, "r14")
        {
            DwarfNumber = 14,
            Preservation = RegisterPreservation.Preserved,
            SavedNames = ["r14"],
        };

    /// <summary>General-purpose register.</summary>
    public static Register R15 { get; } =
        new(15, "r15")
        {
            DwarfNumber = 15,
            Preservation = RegisterPreservation.Preserved,
            SavedNames = ["r15"],
        };

    /// <summary>The program counter; in DWARF the return address column.</summary>
    public static Register Rip { get; } = new(16, "rip") { DwarfNumber = 16, SavedNames = ["rip", "ip", "pc"] };

    /// <summary>The flags.</summary>
    public static Register Rflags { get; } =
        new(17, "eflags", 4)
        {
            DwarfNumber = 49,
            Preservation = RegisterPreservation.Clobbered,
            OtherNames = ["rflags"],
            SavedNames = ["rflags", "flags", "eflags"],
        };

    /// <summary>Selector of the code segment.</summary>
    public static Register Cs { get; } = new(18, "cs", 4) { DwarfNumber = 51 };

    /// <summary>Selector of the stack segment.</summary>
    public static Register Ss { get; } = new(19, "ss", 4) { DwarfNumber = 52 };

    /// <summary>Selector of the data segment.</summary>
    public static Register Ds { get; } = new(20, "ds", 4) { DwarfNumber = 53 };

    /// <summary>Selector of the extra segment.</summary>
    public static Register Es { get; } = new(21, "es", 4) { DwarfNumber = 50 };

    /// <summary>Selector of the segment fs.</summary>
    public static Register Fs { get; } = new(22, "fs", 4) { DwarfNumber = 54 };

    /// <summary>Selector of the segment gs.</summary>
    public static Register Gs { get; } = new(23, "gs", 4) { DwarfNumber = 55 };

    /// <summary>Base of the segment fs: MSR 0xc0000100.</summary>
    public static Register FsBase { get; } =
        new(24, "fs_base")
        {
            DwarfNumber = 58,
            OtherNames = ["fsbase"],
            SavedNames = ["fsbase", "fs_base"],
        };

    /// <summary>Base of the segment gs: MSR 0xc0000101.</summary>
    public static Register GsBase { get; } =
        new(25, "gs_base")
        {
            DwarfNumber = 59,
            OtherNames = ["gsbase"],
            SavedNames = ["gsbase", "gs_base"],
        };

    /// <summary>The value that <c>swapgs</c> exchanges the base of gs with: MSR 0xc0000102.</summary>
    public static Register KernelGsBase { get; } =
        new(26, "k_gs_base") { OtherNames = ["kernelgsbase", "kernel_gs_base"], SavedNames = ["kernelgsbase"] };

    /// <summary>Control register 0: operating modes.</summary>
    public static Register Cr0 { get; } = new(27, "cr0") { SavedNames = ["cr0"] };

    /// <summary>Control register 2: the address of the last page fault.</summary>
    public static Register Cr2 { get; } = new(28, "cr2") { SavedNames = ["cr2"] };

    /// <summary>Control register 3: the physical address of the top page table.</summary>
    public static Register Cr3 { get; } = new(29, "cr3") { SavedNames = ["cr3"] };

    /// <summary>Control register 4: enabled extensions.</summary>
    public static Register Cr4 { get; } = new(30, "cr4") { SavedNames = ["cr4"] };

    /// <summary>Control register 8: the priority below which interrupts wait.</summary>
    public static Register Cr8 { get; } = new(31, "cr8") { SavedNames = ["cr8"] };

    /// <summary>Extended features: MSR 0xc0000080.</summary>
    public static Register Efer { get; } = new(32, "efer") { SavedNames = ["efer"] };

    /// <summary>All of them, in the order of their indexes.</summary>
    internal static IReadOnlyList<Register> All { get; } =
    [
        Rax,
        Rdx,
        Rcx,
        Rbx,
        Rsi,
        Rdi,
        Rbp,
        Rsp,
        R8,
        R9,
        R10,
        R11,
        R12,
        R13,
        R14,
        R15,
        Rip,
        Rflags,
        Cs,
        Ss,
        Ds,
        Es,
        Fs,
        Gs,
        FsBase,
        GsBase,
        KernelGsBase,
        Cr0,
        Cr2,
        Cr3,
        Cr4,
        Cr8,
        Efer,
    ];
}
