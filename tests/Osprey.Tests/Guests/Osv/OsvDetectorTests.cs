using Osprey.Guests;
using Osprey.Guests.Osv;
using Osprey.Target.Memory;
using Osprey.Tests.Builders.Guests;
using Osprey.Tests.Cli.Guest;

namespace Osprey.Tests.Guests.Osv;

public class OsvDetectorTests
{
    [Fact]
    public void Detect_AKernelInPlace_GivesItsVersionAndPlace() =>
        Assert.Equal(
            new GuestIdentity(GuestKind.Osv, "v0.57.0-7-g0123abcd", 0x4020_0000, new PhysicalAddress(0x20_0000)),
            Detect(SmallGuest.ReadImage())
        );

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

        Assert.Null(Detect(image));
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

    private static GuestIdentity? Detect(byte[] image) => OsvDetector.Detect(new FakeMemory().Add(0x20_0000, image));
}
