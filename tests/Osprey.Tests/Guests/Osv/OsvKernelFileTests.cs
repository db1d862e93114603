using Osprey.Binary.Elf;
using Osprey.Guests;
using Osprey.Tests.Builders.Dwarf;
using Osprey.Tests.Builders.Guests;

namespace Osprey.Tests.Guests.Osv;

/// <summary>The file that QEMU was told to boot, as a sign of its own, and the files that are looked for.</summary>
public sealed class OsvKernelFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("osprey-kernel").FullName;
    private readonly byte[] _code = new byte[0x4000];

    public OsvKernelFileTests() => new Random(1).NextBytes(_code);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("loader-stripped.elf", "itself")]
    [InlineData("loader.elf", "its neighbour")]
    public void Detect_TheBootedFileIsInMemory_IsOsv(string name, string what)
    {
        Write(name, ".tracepoint_patch_sites");
        GuestIdentity found = Identify(_code).Identity;

        Assert.True(found.System == "OSv", what);
        Assert.Equal(("", OsvImageBuilder.Virtual), (found.Version, found.KernelAddress));
        Assert.Equal(["file"], found.Signs.Select(sign => sign.Name));
    }

    [Fact]
    public void Detect_AnotherFile_IsUnknown()
    {
        Assert.Equal("unknown", Identify(_code).Identity.System); // there is no file
        Write("loader-stripped.elf", ".of_another_kernel");
        Assert.Equal("unknown", Identify(_code).Identity.System);
        Write("loader-stripped.elf", ".percpu_workers");
        Assert.Equal("unknown", Identify([.. _code.Reverse()]).Identity.System);
        File.WriteAllText(Path.Combine(_folder, "loader-stripped.elf"), "no ELF file");
        Assert.Equal("unknown", Identify(_code).Identity.System);
    }

    [Fact]
    public void FindKernelFiles_BesideTheBootedFileAndInTheFolders_InThisOrder()
    {
        Write("loader-stripped.elf", ".percpu_workers");
        Assert.Equal(
            [
                ($"{_folder}/loader.elf", "beside QEMU's -kernel"),
                ($"{_folder}/loader-stripped.elf", "QEMU's -kernel"),
                ("build/last/loader.elf", "found from the current folder"),
                ("./loader.elf", "found from the current folder"),
                ("/srv/osv/loader.elf", "found in /srv/osv"),
            ],
            Identify(_code)
                .FindKernelFiles(["build/last", ".", "/srv/osv"])
                .Select(candidate => (candidate.Path, candidate.Origin))
        );
    }

    private IGuestOs Identify(byte[] memory) =>
        GuestSystems.Identify(
            new GuestMachine(new FakeMemory().Add(OsvImageBuilder.Physical, memory))
            {
                BootFileFinder = () => Path.Combine(_folder, "loader-stripped.elf"),
            }
        );

    private void Write(string name, string section)
    {
        var builder = new ElfBuilder();
        builder.AddSection(section, _code, flags: ElfSectionFlags.Allocated, address: OsvImageBuilder.Virtual);
        ulong size = (ulong)_code.Length;
        builder.AddSegment(
            new ElfSegment(
                ElfSegmentType.Load,
                7,
                0,
                OsvImageBuilder.Virtual,
                OsvImageBuilder.Physical,
                size,
                size,
                0x1000
            )
        );
        File.WriteAllBytes(Path.Combine(_folder, name), builder.Build());
    }
}
