using Osprey.Binary.Elf;
using Osprey.Binary.Elf.Writing;
using Osprey.Tests.Packets;
using Osprey.Tests.Symbols.Oracle;

namespace Osprey.Tests.Binary.Elf;

/// <summary>ELF files that are written, as binutils and our own reader see them.</summary>
public sealed class ElfWriterTests
{
    [ToolFact("readelf")]
    public void File_OfSectionsAndSymbols_IsReadByBinutils()
    {
        string path = Path.GetTempFileName();
        try
        {
            using (FileStream stream = File.Create(path))
                ElfWriter.Write(
                    stream,
                    [
                        new(
                            ".text",
                            ElfSectionType.ProgramBits,
                            ElfSectionFlags.Allocated | ElfSectionFlags.Executable,
                            0xffff_ffff_8100_0000,
                            4
                        )
                        {
                            Write = output => output.Write([0x90, 0x90, 0x90, 0xc3]),
                        },
                        new(
                            ".bss",
                            ElfSectionType.NoBits,
                            ElfSectionFlags.Allocated | ElfSectionFlags.Write,
                            0xffff_ffff_8200_0000,
                            0x1000
                        ),
                        ElfOutputSection.Of(".comment", "made"u8.ToArray()),
                    ],
                    [
                        new("first", 0xffff_ffff_8100_0000, 4),
                        new("säl\0er", 0xffff_ffff_8200_0ff8, 8),
                        new("number", 0x1f000, 0),
                        new("behind", 0xffff_ffff_8200_1000, 0),
                    ]
                );

            GoldenFile.Verify(Tools.Run("readelf", ["--wide", "--file-header", "--sections", "--symbols", path]));
            using ElfImage image = ElfImage.Open(path);
            Assert.Equal([0x90, 0x90, 0x90, 0xc3], image.GetContent(image.FindSection(".text")!).ToArray());
        }
        finally
        {
            File.Delete(path);
        }
    }
}
