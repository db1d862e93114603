using Osprey.Guests;
using Osprey.Guests.Osv;
using Osprey.Target.Memory;
using Osprey.Tests.Builders.Guests;
using Osprey.Tests.Cli.Guest;

namespace Osprey.Tests.Guests.Osv;

public class OsvDetectorTests
{
    private static readonly string[] s_noTexts = [];

    [Fact]
    public void Detect_AKernelInPlace_GivesItsVersionAndPlace()
    {
        GuestIdentity found = Detect(SmallGuest.ReadImage())!;

        Assert.Equal(
            ("OSv", "v0.57.0-7-g0123abcd", 0x4020_0000UL, new PhysicalAddress(0x20_0000)),
            (found.System, found.Version, found.KernelAddress, found.KernelPhysicalAddress)
        );
        Assert.Equal(["image", "banner"], found.Signs.Select(sign => sign.Name));
    }

    [Theory]
    [InlineData("OSv v0.57.0-398-g0e34e4dc\n", "v0.57.0-398-g0e34e4dc")]
    [InlineData("OSv v0.56.0 (release)\n", "v0.56.0")]
    [InlineData("OSv \n", "")]
    [InlineData("OSv acme-2024.1+fast\n", "acme-2024.1+fast")]
    [InlineData("OSv next, of Acme Inc.\n", "next, of Acme Inc.")]
    public void Detect_AnyVersion_IsRecognisedByAllSigns(string banner, string version)
    {
        GuestIdentity found = Detect(new OsvImageBuilder { Texts = [banner, "OSv options:\n  --help\n"] }.Build())!;

        Assert.Equal(("OSv", version), (found.System, found.Version));
        Assert.Equal(["image", "entry", "note", "banner", "strings"], found.Signs.Select(sign => sign.Name));
    }

    [Theory]
    [InlineData(true, true, true, "image entry note")]
    [InlineData(true, true, false, "image entry")]
    [InlineData(true, false, true, "image note")]
    [InlineData(false, true, true, "entry note")]
    public void Detect_StrippedOfTexts_IsRecognisedByWhatIsLeft(bool magic, bool entries, bool note, string signs)
    {
        var image = new OsvImageBuilder
        {
            HasMagic = magic,
            HasEntries = entries,
            HasNote = note,
            Texts = s_noTexts,
        };
        GuestIdentity found = Detect(image.Build())!;

        Assert.Equal(("OSv", "", OsvImageBuilder.Virtual), (found.System, found.Version, found.KernelAddress));
        Assert.Equal(signs, string.Join(' ', found.Signs.Select(sign => sign.Name)));
    }

    [Theory]
    [InlineData(true, false, false, "", "an ELF image of another system")]
    [InlineData(true, false, false, "OSv is great", "a text that says OSv")]
    [InlineData(true, false, false, "OSv: x\n", "a line that begins with OSv")]
    [InlineData(true, false, false, "OSv version:\n", "a heading")]
    [InlineData(false, true, false, "", "two numbers that could be entries")]
    [InlineData(false, false, true, "OSv v0.57.0\n", "texts and a note without any kernel")]
    public void Detect_TooLittle_IsNothing(bool magic, bool entries, bool note, string text, string what)
    {
        var image = new OsvImageBuilder
        {
            HasMagic = magic,
            HasEntries = entries,
            HasNote = note,
            Texts = [text],
        };
        Assert.True(Detect(image.Build()) is null, what);
    }

    [Theory]
    [InlineData(0, 0x7e, "no ELF file")]
    [InlineData(4, 1, "of 32 bits")]
    [InlineData(34, 0xff, "program headers far away")]
    [InlineData(54, 55, "program headers of another size")]
    [InlineData(56, 0, "no program headers")]
    [InlineData(64, 2, "no segment to load at the start")]
    [InlineData(64 + 26, 0x30, "loaded somewhere else")]
    [InlineData(64 + 32, 4, "an image too short for a version")]
    [InlineData(0x1a0, 'X', "another system's version")]
    [InlineData(0x1a5, 'x', "text that is like a version")]
    public void Detect_SomethingElse_IsNothing(int offset, byte value, string what)
    {
        byte[] image = SmallGuest.ReadImage();
        image[offset] = value;
        if (what == "an image too short for a version")
            image[offset + 1] = 0;

        Assert.True(Detect(image) is null, what);
    }

    [Fact]
    public void Detect_Firmware_IsNothing()
    {
        byte[] firmware = new byte[0x10000];
        new Random(1).NextBytes(firmware);

        Assert.Null(OsvDetector.Detect(new GuestMachine(new FakeMemory().Add(0xf0000, firmware))));
        Assert.Null(Detect(firmware));
        Assert.Null(Detect(new byte[0x10000]));
    }

    [Fact]
    public void Detect_AnyByteOfTheHeadersAbsurd_IsNothingOrOsv()
    {
        byte[] image = new OsvImageBuilder().Build();
        foreach (byte value in (byte[])[0, 1, 0x7f, 0x80, 0xff])
        {
            for (int at = 0; at < 64 + (2 * 56); at++)
            {
                byte[] bad = [.. image];
                bad.AsSpan(at, Math.Min(8, bad.Length - at)).Fill(value);
                Assert.Equal("OSv", Detect(bad)?.System); // the other signs are enough
            }
        }
    }

    [Fact]
    public void Detect_MemoryThatEndsAnywhere_IsNothingOrTheKernel()
    {
        byte[] image = SmallGuest.ReadImage();
        for (int size = 0; size < 0x1c0; size++)
        {
            GuestIdentity? found = Detect(image[..size]);
            Assert.True(found is null || size > 0x1a5, $"{size} bytes");
        }
    }

    private static GuestIdentity? Detect(byte[] image) =>
        OsvDetector.Detect(new GuestMachine(new FakeMemory().Add(OsvImageBuilder.Physical, image)));
}
