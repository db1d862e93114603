using Osprey.Tests.Symbols.Oracle;

namespace Osprey.Tests.Builders;

/// <summary>Guests that are one boot sector, which sets a mark in memory and halts.</summary>
internal static class BootSector
{
    /// <summary>What memory at 0x6000 holds when it is where it should be.</summary>
    public static ReadOnlySpan<byte> Ready => "REDY"u8;

    /// <summary>Assembles one, with a symbol defined or without, boots it and waits for that mark.</summary>
    public static QemuGuest Boot(string code, string? symbol)
    {
        string folder = Directory.CreateTempSubdirectory("osprey-boot").FullName;
        try
        {
            string source = Path.Combine(folder, "boot.s");
            string image = Path.Combine(folder, "boot.img");
            File.WriteAllText(source, code + "\n");
            Tools.Run("as", ["--64", .. (string[])(symbol is null ? [] : ["--defsym", symbol + "=1"]), "-o", source + ".o", source]);
            Tools.Run("ld", ["-m", "elf_x86_64", "-Ttext", "0x7c00", "--oformat", "binary", "-o", image, source + ".o"]);
            var guest = new QemuGuest("-cpu", "max", "-drive", $"file={image},format=raw,if=floppy,readonly=on");
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
}
