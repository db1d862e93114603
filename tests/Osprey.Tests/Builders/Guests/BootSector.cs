using Osprey.Tests.Symbols.Oracle;

namespace Osprey.Tests.Builders.Guests;

/// <summary>Boots guests that consist of one boot sector, which sets a mark in memory and halts.</summary>
internal static class BootSector
{
    /// <summary>The mark: the content of memory at 0x6000 when the guest has got where it should.</summary>
    public static ReadOnlySpan<byte> Ready => "REDY"u8;

    /// <summary>Boots a guest that turns paging on and halts in protected or long mode.</summary>
    /// <param name="bits">Bits of the code from then on: 32 or 64.</param>
    /// <param name="tables">
    /// Code of 16 bits that fills the page tables, in 32 KiB of zeros at %es:0, which is 0x10000, and sets %cr3, %cr4
    /// and EFER.
    /// </param>
    /// <param name="registers">Code that sets registers, for tests that read them from the halted guest.</param>
    /// <param name="symbol">A symbol that is defined for all of the code; null for none.</param>
    public static QemuGuest BootPaged(int bits, string tables, string registers, string? symbol) =>
        Boot(
            $"""
            .code16
            .globl _start
            _start:
                cli
                cld
                xor %ax, %ax
                mov %ax, %ds
                mov %ax, %ss
                mov $0x7000, %sp
                mov $0x1000, %ax
                mov %ax, %es
                xor %eax, %eax
                xor %di, %di
                mov $0x2000, %cx
                rep stosl
            {tables}
                lgdt descriptor
                mov %cr0, %eax
                or $0x80000001, %eax
                mov %eax, %cr0
                ljmp $8, $paged
            .code{bits}
            paged:
                mov $0x10, %eax
                mov %eax, %ds
                mov %eax, %es
                mov %eax, %ss
            {registers}
                movl $0x59444552, 0x6000            # "REDY"
            3:  hlt
                jmp 3b
                .balign 8
            table:
                .quad 0, {(bits == 64 ? "0x00af9b000000ffff" : "0x00cf9b000000ffff")}, 0x00cf93000000ffff
            descriptor:
                .word 23
                .long table
                .org 510
                .word 0xaa55
            """,
            symbol
        );

    /// <summary>Assembles a boot sector, with or without a symbol defined, boots it and waits for the mark.</summary>
    public static QemuGuest Boot(string code, string? symbol, params string[] arguments)
    {
        string folder = Directory.CreateTempSubdirectory("osprey-boot").FullName;
        try
        {
            string image = Assemble(folder, code, symbol);
            var guest = new QemuGuest([
                "-cpu",
                "max",
                "-drive",
                $"file={image},format=raw,if=floppy,readonly=on",
                .. arguments,
            ]);
            try
            {
                guest.RunUntil(0x6000, Ready);
                return guest;
            }
            catch
            {
                guest.Dispose();
                throw;
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Assembles a boot sector, with or without a symbol defined, to an image in a folder.</summary>
    public static string Assemble(string folder, string code, string? symbol = null)
    {
        string source = Path.Combine(folder, "boot.s");
        string image = Path.Combine(folder, "boot.img");
        File.WriteAllText(source, code + "\n");
        Tools.Run(
            "as",
            ["--64", .. (string[])(symbol is null ? [] : ["--defsym", symbol + "=1"]), "-o", source + ".o", source]
        );
        Tools.Run("ld", ["-m", "elf_x86_64", "-Ttext", "0x7c00", "--oformat", "binary", "-o", image, source + ".o"]);
        return image;
    }
}
