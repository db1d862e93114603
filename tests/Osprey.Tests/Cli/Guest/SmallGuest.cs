using System.Runtime.CompilerServices;
using System.Text;
using Osprey.Target.Architectures;
using Osprey.Target.Architectures.X64;
using Osprey.Tests.Builders.Guests;

namespace Osprey.Tests.Cli.Guest;

/// <summary>
/// A guest that is all there in a few pages: a kernel as OSv has it, calls in progress, page tables, two vCPUs. See
/// Programs/README.md.
/// </summary>
internal sealed class SmallGuest : IDisposable
{
    public const ulong ImagePhysical = 0x20_0000;
    public const ulong ImageVirtual = 0x4020_0000;

    /// <summary>Bytes of the low block, in which the page tables are.</summary>
    public const int LowSize = 0x1_0000;

    private const string BuildFolder = "/tmp/osprey-guest-program";
    private const int SavedOffset = 0x1b20; // of the variable "saved" in the image

    public SmallGuest()
    {
        // As long as the folder that the debug info names, so that it can be written over that.
        Folder = $"/tmp/osprey-{Guid.NewGuid():n}"[..BuildFolder.Length];
        Directory.CreateDirectory(Folder);
        File.Copy(PathOfProgram("guest.c"), SourcePath);
        Program = File.ReadAllBytes(PathOfProgram("guest.elf"));
        byte[] built = Encoding.ASCII.GetBytes(BuildFolder);
        for (int at; (at = Program.AsSpan().IndexOf(built)) >= 0; )
            Encoding.ASCII.GetBytes(Folder).CopyTo(Program, at);

        Core = BuildCore();
        File.WriteAllBytes(ProgramPath, Program);
        File.WriteAllBytes(CorePath, Core);
    }

    /// <summary>A folder of this guest's own; removed at the end.</summary>
    public string Folder { get; }

    public string SourcePath => Path.Combine(Folder, "guest.c");

    public string ProgramPath => Path.Combine(Folder, "guest.elf");

    public string CorePath => Path.Combine(Folder, "guest.core");

    /// <summary>The kernel's ELF file.</summary>
    public byte[] Program { get; }

    /// <summary>The guest's core.</summary>
    public byte[] Core { get; }

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    /// <summary>A command line with the options that name this guest.</summary>
    public string[] Arguments(params IEnumerable<string> command) =>
        [.. command, "--target", $"core:{CorePath}", "--exe", ProgramPath, "--no-cache"];

    /// <summary>
    /// The page tables: the image with its permissions, the first 2 MiB as one page, and the low block once more far
    /// up.
    /// </summary>
    public static PageTableBuilder MapPages()
    {
        const ulong Flags = PageTableBuilder.Present;
        return new PageTableBuilder()
            .Map(0, 0, Flags | PageTableBuilder.Write, level: 1)
            .Map(ImageVirtual, ImagePhysical, Flags)
            .Map(
                ImageVirtual + 0x1000,
                ImagePhysical + 0x1000,
                Flags | PageTableBuilder.Write | PageTableBuilder.NoExecute
            )
            .Map(ImageVirtual + 0x2000, 0x7654_3000, Flags)
            .Map(0xffff_8000_0000_0000, 0x5000, Flags | PageTableBuilder.Write)
            .Map(0xffff_ffff_ffff_f000, 0x2000, Flags | PageTableBuilder.NoExecute);
    }

    /// <summary>
    /// The registers of vCPU 0, in the innermost call, or of vCPU 1, which idles on a stack of its own.
    /// </summary>
    public static RegisterSet MakeRegisters(int cpu)
    {
        byte[] memory = File.ReadAllBytes(PathOfProgram("guest.memory"));
        ulong Saved(int index) => BitConverter.ToUInt64(memory, SavedOffset + (index * sizeof(ulong)));
        var registers = new RegisterSet(X64Architecture.Instance);
        foreach (Register register in X64Architecture.Instance.Registers)
            registers[register] = (ulong)register.Index * 0x1_0001;

        registers[X64Register.Cs] = 8;
        registers[X64Register.Cr0] = 0x8000_0033;
        registers[X64Register.Cr3] = PageTableBuilder.Root;
        registers[X64Register.Cr4] = 0x20;
        registers[X64Register.Efer] = 0xd00;
        registers[X64Register.Rbx] = Saved(0);
        registers[X64Register.Rbp] = Saved(1);
        registers[X64Register.Rsp] = Saved(2);
        registers[X64Register.R12] = Saved(3);
        registers[X64Register.R13] = Saved(4);
        registers[X64Register.R14] = Saved(5);
        registers[X64Register.R15] = Saved(6);
        registers[X64Register.Rip] = Saved(7);
        if (cpu == 1)
        {
            registers[X64Register.Rip] = Saved(8);
            registers[X64Register.Rsp] = ImageVirtual + 0x1b00; // within "second_stack"
            registers[X64Register.Rbp] = 0;
        }

        return registers;
    }

    /// <summary>The memory of the kernel's image.</summary>
    public static byte[] ReadImage() => File.ReadAllBytes(PathOfProgram("guest.memory"));

    /// <summary>The low block: the page tables, and something to find behind them.</summary>
    public static byte[] BuildLow(PageTableBuilder tables)
    {
        byte[] low = tables.Build(LowSize);
        "Linux has no version here"u8.CopyTo(low.AsSpan(0xf000));
        return low;
    }

    private static byte[] BuildCore() =>
        new GuestCoreBuilder()
            .AddBlock(0, BuildLow(MapPages()))
            .AddBlock(ImagePhysical, ReadImage())
            .AddCpu(MakeRegisters(0))
            .AddCpu(MakeRegisters(1))
            .BuildElf();

    private static string PathOfProgram(string name, [CallerFilePath] string here = "") =>
        Path.Combine(Path.GetDirectoryName(here)!, "Programs", name);
}
