namespace Osprey.Binary.Elf.Relocatable;

/// <summary>The way a relocation changes the bytes of a section.</summary>
/// <param name="Size">Bytes that it changes: 1, 2, 4 or 8; 0 for one that changes nothing.</param>
/// <param name="Action">The way the value goes into the bytes.</param>
internal readonly record struct Relocation(int Size, RelocationAction Action)
{
    /// <summary>Finds what a relocation of a processor does; null when it is not known, or not one of data.</summary>
    public static Relocation? Find(ElfMachine machine, uint type) =>
        machine switch
        {
            ElfMachine.X64 => FindX64(type),
            ElfMachine.Arm64 => FindArm64(type),
            ElfMachine.RiscV => FindRiscV(type),
            _ => null,
        };

    private static Relocation? FindX64(uint type) =>
        type switch
        {
            0 => default(Relocation), // R_X86_64_NONE
            1 => new Relocation(8, RelocationAction.Set), // R_X86_64_64
            2 or 4 => new Relocation(4, RelocationAction.SetRelative), // R_X86_64_PC32, PLT32
            10 or 11 => new Relocation(4, RelocationAction.Set), // R_X86_64_32, 32S
            12 => new Relocation(2, RelocationAction.Set), // R_X86_64_16
            13 => new Relocation(2, RelocationAction.SetRelative), // R_X86_64_PC16
            14 => new Relocation(1, RelocationAction.Set), // R_X86_64_8
            15 => new Relocation(1, RelocationAction.SetRelative), // R_X86_64_PC8
            17 => new Relocation(8, RelocationAction.SetOffset), // R_X86_64_DTPOFF64
            21 => new Relocation(4, RelocationAction.SetOffset), // R_X86_64_DTPOFF32
            24 => new Relocation(8, RelocationAction.SetRelative), // R_X86_64_PC64
            _ => null,
        };

    private static Relocation? FindArm64(uint type) =>
        type switch
        {
            0 or 256 => default(Relocation), // R_AARCH64_NONE
            257 => new Relocation(8, RelocationAction.Set), // R_AARCH64_ABS64
            258 => new Relocation(4, RelocationAction.Set), // R_AARCH64_ABS32
            259 => new Relocation(2, RelocationAction.Set), // R_AARCH64_ABS16
            260 => new Relocation(8, RelocationAction.SetRelative), // R_AARCH64_PREL64
            261 => new Relocation(4, RelocationAction.SetRelative), // R_AARCH64_PREL32
            262 => new Relocation(2, RelocationAction.SetRelative), // R_AARCH64_PREL16
            1029 => new Relocation(8, RelocationAction.SetOffset), // R_AARCH64_TLS_DTPREL
            _ => null,
        };

    private static Relocation? FindRiscV(uint type) =>
        type switch
        {
            0 or 51 => default(Relocation), // R_RISCV_NONE, RELAX
            1 or 56 => new Relocation(4, RelocationAction.Set), // R_RISCV_32, SET32
            2 => new Relocation(8, RelocationAction.Set), // R_RISCV_64
            8 => new Relocation(4, RelocationAction.SetOffset), // R_RISCV_TLS_DTPREL32
            9 => new Relocation(8, RelocationAction.SetOffset), // R_RISCV_TLS_DTPREL64
            33 => new Relocation(1, RelocationAction.Add), // R_RISCV_ADD8
            34 => new Relocation(2, RelocationAction.Add), // R_RISCV_ADD16
            35 => new Relocation(4, RelocationAction.Add), // R_RISCV_ADD32
            36 => new Relocation(8, RelocationAction.Add), // R_RISCV_ADD64
            37 => new Relocation(1, RelocationAction.Subtract), // R_RISCV_SUB8
            38 => new Relocation(2, RelocationAction.Subtract), // R_RISCV_SUB16
            39 => new Relocation(4, RelocationAction.Subtract), // R_RISCV_SUB32
            40 => new Relocation(8, RelocationAction.Subtract), // R_RISCV_SUB64
            54 => new Relocation(1, RelocationAction.Set), // R_RISCV_SET8
            55 => new Relocation(2, RelocationAction.Set), // R_RISCV_SET16
            57 => new Relocation(4, RelocationAction.SetRelative), // R_RISCV_32_PCREL
            _ => null,
        };
}
