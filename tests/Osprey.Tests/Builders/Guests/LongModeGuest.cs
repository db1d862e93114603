namespace Osprey.Tests.Builders.Guests;

/// <summary>
/// A guest of one boot sector that enters long mode with pages of all sizes and permissions, sets its registers and
/// halts.
/// </summary>
internal static class LongModeGuest
{
    private const string Tables = """
            movl $0x11007, %es:0x0000           # PML5 -> PML4
            movl $0x12007, %es:0x1000           # PML4[0] -> PDPT
            movl $0x12005, %es:0x1ff8           # PML4[511] -> PDPT, not writable
            movl $0x13007, %es:0x2000           # PDPT[0] -> PD
            movl $0x00000083, %es:0x2008        # 1 GiB, not executable
            movl $0x80000000, %es:0x200c
            movl $0x14007, %es:0x3000           # PD[0] -> PT
            movl $0x200083, %es:0x3008          # 2 MiB
            movl $0x400081, %es:0x3010          # 2 MiB, read only
            movl $0x600087, %es:0x3018          # 2 MiB, user, not executable
            movl $0x80000000, %es:0x301c
            mov $0x4000, %di
            mov $0x0003, %eax
            mov $256, %cx
        1:  stosl
            movl $0, %es:(%di)
            add $4, %di
            add $0x1000, %eax
            loop 1b
            movl $0x80000000, %es:0x4104        # 0x20000: not executable
            movl $0, %es:0x4180                 # 0x30000: not present
            movl $0x7e005, %es:0x4200           # 0x40000: elsewhere, user, read only
        .ifdef LA57
            mov $0x1020, %eax
            mov $0x10000, %ebx
        .else
            mov $0x20, %eax
            mov $0x11000, %ebx
        .endif
            mov %eax, %cr4
            mov %ebx, %cr3
            mov $0xc0000080, %ecx
            rdmsr
            or $0x900, %eax
            wrmsr
        """;

    private const string Registers = """
            mov $0xc0000100, %ecx               # fs, gs and kernel gs bases
            mov $0x40001111, %eax
            mov $0x00001000, %edx
        2:  wrmsr
            inc %ecx
            add $0x1111, %eax
            cmp $0xc0000103, %ecx
            jne 2b
            movabs $0x1122334455667788, %r8
            lea 1(%r8), %r9
            lea 2(%r8), %r10
            lea 3(%r8), %r11
            lea 4(%r8), %r12
            lea 5(%r8), %r13
            lea 6(%r8), %r14
            lea 7(%r8), %r15
            lea 8(%r8), %rsi
            lea 9(%r8), %rdi
            lea 10(%r8), %rbx
            lea 11(%r8), %rbp
            lea 12(%r8), %rdx
        """;

    /// <summary>Boots it and waits until it halts.</summary>
    public static QemuGuest Boot(bool fiveLevels) =>
        BootSector.BootPaged(64, Tables, Registers, fiveLevels ? "LA57" : null);
}
