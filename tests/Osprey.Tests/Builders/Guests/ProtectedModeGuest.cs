namespace Osprey.Tests.Builders.Guests;

/// <summary>
/// A guest of one boot sector in 32-bit mode, with page tables of two levels or of three (PAE), that halts.
/// </summary>
internal static class ProtectedModeGuest
{
    private const string Tables = """
        .ifdef PAE
            movl $0x11001, %es:0x0000           # PDPT[0] -> PD
            movl $0x11001, %es:0x0018           # PDPT[3] -> the same
            movl $0x12007, %es:0x1000           # PD[0] -> PT
            movl $0x200083, %es:0x1008          # 2 MiB
            movl $0x400085, %es:0x1010          # 2 MiB, user, read only, not executable
            movl $0x80000000, %es:0x1014
            mov $0x2000, %di
        .else
            movl $0x11007, %es:0x0000           # PD[0] -> PT
            movl $0x400083, %es:0x0004          # 4 MiB
            movl $0x800085, %es:0x0008          # 4 MiB, user, read only
            movl $0x11005, %es:0x0c00           # PD[768] -> the same PT, not writable
            mov $0x1000, %di
        .endif
            mov $0x0003, %eax
            mov $256, %cx
        1:  stosl
        .ifdef PAE
            movl $0, %es:(%di)
            add $4, %di
        .endif
            add $0x1000, %eax
            loop 1b
        .ifdef PAE
            movl $0x80000000, %es:0x2104        # 0x20000: not executable
            movl $0, %es:0x2180                 # 0x30000: not present
            mov $0xc0000080, %ecx
            rdmsr
            or $0x800, %eax
            wrmsr
            mov $0x20, %eax
        .else
            movl $0, %es:0x10c0                 # 0x30000: not present
            mov $0x10, %eax
        .endif
            mov %eax, %cr4
            mov $0x10000, %eax
            mov %eax, %cr3
        """;

    private const string Registers = """
            mov $0x12345678, %esi
        """;

    /// <summary>Boots it and waits until it halts.</summary>
    public static QemuGuest Boot(bool pae) => BootSector.BootPaged(32, Tables, Registers, pae ? "PAE" : null);
}
