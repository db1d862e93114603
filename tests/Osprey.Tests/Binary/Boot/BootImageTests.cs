using System.Diagnostics;
using Osprey.Binary;
using Osprey.Binary.Boot;
using Osprey.Binary.Elf;
using Osprey.Tests.Builders.Dwarf;
using Osprey.Tests.Builders.Guests;
using Osprey.Tests.Symbols.Oracle;

namespace Osprey.Tests.Binary.Boot;

/// <summary>Boot images of Linux kernels, packed by the programs that a kernel's build packs them with.</summary>
public sealed class BootImageTests : IDisposable
{
    private const string Xz = "xz --check=crc32 --x86 --lzma2=dict=1MiB";
    private const string Lzma = "lzma -1";
    private const string Bzip2 = "bzip2 -9";
    private const string Zstd = "zstd -22 --ultra";
    private const string Lz4 = "lz4 -l -9";
    private const string Lzo = "lzop -9";
    private const string Name = "vmlinuz";

    private static readonly byte[] s_kernel = MakeKernel(1);

    private readonly string _folder = Directory.CreateTempSubdirectory("osprey-test").FullName;

    public void Dispose() => Directory.Delete(_folder, true);

    [ToolTheory("xz", "lzma", "bzip2", "zstd", "lz4", "lzop")]
    [InlineData(Xz)]
    [InlineData(Lzma)]
    [InlineData(Bzip2)]
    [InlineData(Zstd)]
    [InlineData(Lz4)]
    [InlineData(Lzo)]
    [InlineData("lzop -1 -F")]
    public void Kernel_OfEachForm_IsUnpacked(string packer)
    {
        byte[] payload = BootImageBuilder.WithSize(Pack(packer, s_kernel), (uint)s_kernel.Length);
        Assert.Equal(s_kernel, Unpack(new BootImageBuilder().Build(payload)));
    }

    [Fact]
    public void Kernel_PackedByGzipOrNotAtAll_IsUnpacked()
    {
        Assert.Equal(s_kernel, Unpack(new BootImageBuilder().Build(BootImageBuilder.Gzip(s_kernel))));
        Assert.Equal(s_kernel, Unpack(new BootImageBuilder().Build(s_kernel)));
    }

    [Fact]
    public void Kernel_OfAnOlderProtocol_IsFoundByItsFirstBytes()
    {
        byte[] unpacker = [.. new byte[99], 0x1f, 0x8b, 8, 0, 1, .. new byte[99], .. BootImageBuilder.Gzip([1, 2, 3])];
        var old = new BootImageBuilder { Protocol = 0x206, Unpacker = unpacker };
        Assert.Equal(s_kernel, Unpack(old.Build(BootImageBuilder.Gzip(s_kernel))));
        Assert.Equal(
            "vmlinuz+0x400: there is no packed kernel behind the setup program",
            Refuse(old.Build("no kernel"u8.ToArray()))
        );
    }

    /// <summary>Whatever is cut off or changed, there is the kernel or one error, and little memory is taken.</summary>
    [ToolTheory("xz", "lzma", "bzip2", "zstd", "lz4", "lzop")]
    [InlineData(Xz)]
    [InlineData(Lzma)]
    [InlineData(Bzip2)]
    [InlineData(Zstd)]
    [InlineData(Lz4)]
    [InlineData(Lzo)]
    [InlineData("gzip -9")]
    public void Kernel_Damaged_IsAnError(string packer)
    {
        byte[] small = MakeKernel(0);
        byte[] packed = Pack(packer, small);
        byte[] payload = packer[0] == 'g' ? packed : BootImageBuilder.WithSize(packed, (uint)small.Length);
        byte[] image = new BootImageBuilder { Unpacker = [], Rest = [] }.Build(payload);
        Assert.Equal(image.Length, Mutations.Truncate(image, bytes => ReadBoot(bytes, small)));

        // The packed bytes are cut, and their size stays where it is to be.
        int refused = 0;
        int cuts = 0;
        for (int length = 0; length < packed.Length - 1; length += 3, cuts++)
        {
            byte[] cut = BootImageBuilder.WithSize(packed[..length], (uint)small.Length);
            refused += Mutations.Try(new BootImageBuilder().Build(cut), bytes => Unpack(bytes), $"cut to {length}");
        }

        Assert.InRange(refused, cuts - 4, cuts);
        Assert.InRange(
            Mutations.Change(payload, 5, 300, bytes => Unpack(new BootImageBuilder().Build(bytes))),
            50,
            300
        );
    }

    [Fact]
    public void Kernel_ThatIsLargerThanItsSizeSays_IsNotUnpackedFurther()
    {
        byte[] bomb = BootImageBuilder.Gzip(new byte[50 << 20]);
        BitConverter.TryWriteBytes(bomb.AsSpan(bomb.Length - 4), 1000);
        byte[] image = new BootImageBuilder().Build(bomb);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Equal(
            "vmlinuz+0x52c: the packed kernel (gzip) is damaged: more than 1000 bytes came out of it",
            Refuse(image)
        );
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4 << 20);

        BitConverter.TryWriteBytes(bomb.AsSpan(bomb.Length - 4), 0xffff_fff0);
        Assert.StartsWith(
            "an unpacked kernel of 4294967280 bytes is over the limit of 536870912",
            Refuse(new BootImageBuilder().Build(bomb)).Split(": ", 2)[1],
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Kernel_ShorterThanItsSizeSays_IsAnError()
    {
        byte[] packed = BootImageBuilder.Gzip(s_kernel);
        BitConverter.TryWriteBytes(packed.AsSpan(packed.Length - 4), s_kernel.Length + 1);
        Assert.StartsWith("the packed kernel (gzip) is damaged: ", Refuse(new BootImageBuilder().Build(packed))[15..]);
    }

    [Fact]
    public void Kernel_OfAnotherFormOrPlace_IsAnError()
    {
        Assert.Equal(
            "vmlinuz+0x52c: the kernel is packed in a way that is not known; "
                + "expected gzip, xz, zstd, lz4, lzma, bzip2 or lzo",
            Refuse(new BootImageBuilder().Build("something else"u8.ToArray()))
        );
        byte[] image = new BootImageBuilder { Rest = [] }.Build(BootImageBuilder.Gzip(s_kernel));
        Assert.Equal(
            $"vmlinuz+0x248: the packed kernel has {image.Length - 0x52c} bytes at 0x52c, the file "
                + $"0x{image.Length - 1:x}: it is cut off",
            Refuse(image[..^1])
        );
    }

    [Fact]
    public void File_OfABootImage_IsOpenedAsTheKernelInIt()
    {
        string path = Path.Combine(_folder, Name);
        File.WriteAllBytes(path, new BootImageBuilder().Build(BootImageBuilder.Gzip(s_kernel)));
        using (ElfImage first = ElfImage.Open(path))
        using (ElfImage second = ElfImage.Open(path))
        {
            Assert.Equal(s_kernel, second.Source.Slice(0, second.Source.Length).ToArray());
            Assert.Equal("0102", first.ReadBuildId().ToString()[..4]);
        }

        byte[] other = MakeKernel(2);
        File.WriteAllBytes(path, new BootImageBuilder().Build(BootImageBuilder.Gzip(other)));
        using ElfImage third = ElfImage.Open(path);
        Assert.Equal(other, third.Source.Slice(0, third.Source.Length).ToArray());

        File.WriteAllBytes(path, new BootImageBuilder().Build(BootImageBuilder.Gzip([1, 2, 3])));
        Assert.Throws<BadDataException>(() => ElfImage.Open(path));
    }

    /// <summary>An ELF file that can be packed, with what follows it: the places to relocate.</summary>
    private static byte[] MakeKernel(int seed)
    {
        var random = new Random(seed);
        byte[] text = new byte[seed == 0 ? 300 : 400_000];
        for (int i = 0; i < text.Length; i++)
            text[i] = i > 1000 && random.Next(9) != 0 ? text[i - random.Next(1, 1000)] : (byte)random.Next(256);

        var elf = new ElfBuilder();
        elf.AddText(0xffff_ffff_8100_0000, text);
        elf.AddBuildId(1, 2, 3, 4, 5, 6, 7, 8, (byte)seed);
        return [.. elf.Build(), .. "relocations"u8];
    }

    private static void ReadBoot(byte[] bytes, byte[] expected)
    {
        var source = new MemoryByteSource(Name, bytes);
        if (!BootImage.IsOne(source))
            throw new BadDataException(Name, 0, "no boot image");

        Assert.Equal(expected, BootImage.Unpack(source));
    }

    private static byte[] Unpack(byte[] image) => BootImage.Unpack(new MemoryByteSource(Name, image));

    private static string Refuse(byte[] image) => Assert.Throws<BadDataException>(() => Unpack(image)).Message;

    private static byte[] Pack(string packer, byte[] bytes)
    {
        string[] words = packer.Split(' ');
        using Process process = Process.Start(
            new ProcessStartInfo(words[0], [.. words[1..], "-c"])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
            }
        )!;
        Task writing = Task.Run(() =>
        {
            process.StandardInput.BaseStream.Write(bytes);
            process.StandardInput.Close();
        });
        var packed = new MemoryStream();
        process.StandardOutput.BaseStream.CopyTo(packed);
        writing.Wait();
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        return packed.ToArray();
    }
}
