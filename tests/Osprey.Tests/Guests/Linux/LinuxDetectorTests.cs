using System.Text;
using Osprey.Binary.Elf;
using Osprey.Guests;
using Osprey.Guests.Linux;
using Osprey.Target.Architectures;
using Osprey.Target.Architectures.X64;
using Osprey.Target.Memory;
using Osprey.Tests.Builders.Dwarf;
using Osprey.Tests.Builders.Guests;

namespace Osprey.Tests.Guests.Linux;

public class LinuxDetectorTests
{
    private const ulong Physical = 0x20_0000;
    private const int LargePage = 0x20_0000;

    [Theory]
    [InlineData(0)]
    [InlineData(0x1a40_0000)]
    [InlineData(0x3fe0_0000)]
    public void Detect_AKernelAnywhereInItsRange_GivesItsVersionAndPlace(ulong offset)
    {
        GuestIdentity found = Detect(
            LinuxDetector.ImageRangeStart + offset,
            "Linux version %s\0Linux version 6.1.0-37-cloud-amd64 (gcc) #1\n"
        )!;

        Assert.Equal(
            ("Linux", "6.1.0-37-cloud-amd64", LinuxDetector.ImageRangeStart + offset, new PhysicalAddress(Physical)),
            (found.System, found.Version, found.KernelAddress, found.KernelPhysicalAddress)
        );
        Assert.Equal(["image", "banner"], found.Signs.Select(sign => sign.Name));
    }

    [Theory]
    [InlineData(0, "Linux version %s (%s)\0")]
    [InlineData(0, "nothing of the kind")]
    [InlineData(0x4000_0000, "Linux version 6.1.0 (gcc)")]
    [InlineData(0x1000, "Linux version 6.1.0 (gcc)")]
    public void Detect_NoBannerOrNotInItsRange_IsNothing(ulong offset, string text) =>
        Assert.Null(Detect(LinuxDetector.ImageRangeStart + offset, text));

    /// <summary>The banner of the data counts, wherever they begin; without any, that of the image.</summary>
    [Theory]
    [InlineData(PageTableBuilder.NoExecute, 0x20_0000, "6.12.9")]
    [InlineData(0, 0, "5.10.1")]
    public void Detect_AKernelWithProtectedData_LooksThereFirst(ulong flags, ulong data, string version)
    {
        const ulong Start = LinuxDetector.ImageRangeStart + 0x1a40_0000;
        byte[] image = new byte[2 * LargePage];
        "Linux version 5.10.1 (old)"u8.CopyTo(image.AsSpan(0x2345));
        "Linux version 6.12.9 (new)"u8.CopyTo(image.AsSpan(LargePage + 0x1_2345));
        GuestMachine machine = MakeMachine(Start, image, flags);
        Assert.Equal(version, LinuxDetector.Detect(machine)?.Version);
        Assert.Equal(Start + data, LinuxDetector.FindReadOnlyData(machine.Space, Start));
    }

    /// <summary>Where the data have no banner, the rest of the image is searched.</summary>
    [Fact]
    public void Detect_ABannerBeforeTheData_IsFound()
    {
        byte[] image = new byte[2 * LargePage];
        "Linux version 5.10.1 (old)"u8.CopyTo(image.AsSpan(0x2345));
        GuestMachine machine = MakeMachine(LinuxDetector.ImageRangeStart, image, PageTableBuilder.NoExecute);
        Assert.Equal("5.10.1", LinuxDetector.Detect(machine)?.Version);
    }

    /// <summary>The program that a vCPU was met in has ended when its page tables are looked through.</summary>
    [Theory]
    [InlineData(2, true)]
    [InlineData(3, false)]
    public void Detect_PageTablesThatGoAway_AreLookedForAgain(int gone, bool isFound)
    {
        GuestMachine whole = MakeMachine(LinuxDetector.ImageRangeStart, "Linux version 6.1.0 (gcc) #1\n");
        int reads = 0;
        var machine = new GuestMachine(whole.Memory)
        {
            CpuCount = 1,
            RegisterReader = _ => new RegisterSet(X64Architecture.Instance)
            {
                [X64Register.Cr0] = 0x8000_0001,
                [X64Register.Cr3] = ++reads <= gone ? Physical : PageTableBuilder.Root,
                [X64Register.Cr4] = 0x20,
                [X64Register.Efer] = 0x500,
            },
        };
        Assert.Equal(isFound ? "6.1.0" : null, LinuxDetector.Detect(machine)?.Version);
        Assert.Equal(3, reads);
    }

    [Fact]
    public void Detect_WithoutPageTables_IsNothing() =>
        Assert.Null(LinuxDetector.Detect(new GuestMachine(new FakeMemory())));

    [Theory]
    [InlineData("6.3.13-amd64", ElfType.Relocatable, false)]
    [InlineData("6.4.0-rc1+", ElfType.Relocatable, true)]
    [InlineData("6.12.9-cloud-amd64", ElfType.Relocatable, true)]
    [InlineData("10.0.1", ElfType.Relocatable, true)]
    [InlineData("6.12.9-cloud-amd64", ElfType.Executable, false)]
    [InlineData("5.10.0", ElfType.Relocatable, false)]
    public void FindCaveat_OfAModule_TellsWhoseVariablesAreNotKnown(string version, ElfType type, bool isTold)
    {
        IGuestOs os = Osprey.Guests.Linux.LinuxGuest.Detect(
            MakeMachine(LinuxDetector.ImageRangeStart, $"Linux version {version} (gcc) #1\n")
        )!;
        using ElfImage image = new ElfBuilder { Type = type }.BuildImage();
        Assert.Equal(isTold, os.FindCaveat(image) is not null);
    }

    private static GuestIdentity? Detect(ulong address, string text) =>
        LinuxDetector.Detect(MakeMachine(address, text));

    private static GuestMachine MakeMachine(ulong address, string text)
    {
        byte[] image = new byte[0x3000];
        Encoding.ASCII.GetBytes(text).CopyTo(image, 0x2345);
        byte[] memory = new PageTableBuilder()
            .Map(address, Physical, PageTableBuilder.Present)
            .Map(address + 0x1000, Physical + 0x1000, PageTableBuilder.Present)
            .Map(address + 0x2000, Physical + 0x2000, PageTableBuilder.Present)
            .Build();
        return new GuestMachine(
            PageTableBuilder.ToMemory([.. memory, .. new byte[Physical - (ulong)memory.Length], .. image])
        )
        {
            PageTableRoot = PageTableBuilder.Root,
        };
    }

    /// <summary>An image of two large pages, the second of which has flags of its own.</summary>
    private static GuestMachine MakeMachine(ulong address, byte[] image, ulong flags)
    {
        byte[] memory = new PageTableBuilder()
            .Map(address, Physical, PageTableBuilder.Present, level: 1)
            .Map(address + LargePage, Physical + LargePage, PageTableBuilder.Present | flags, level: 1)
            .Build();
        return new GuestMachine(
            PageTableBuilder.ToMemory([.. memory, .. new byte[Physical - (ulong)memory.Length], .. image])
        )
        {
            PageTableRoot = PageTableBuilder.Root,
        };
    }
}
