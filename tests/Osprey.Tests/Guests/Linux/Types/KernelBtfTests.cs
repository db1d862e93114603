using Osprey.Guests.Linux.Types;
using Osprey.Guests.Programs;
using Osprey.Symbols.Types;
using Osprey.Target.Memory;
using Osprey.Tests.Builders.Btf;
using Osprey.Tests.Builders.Guests;
using Osprey.Tests.Symbols.Types.Btf;

namespace Osprey.Tests.Guests.Linux.Types;

public class KernelBtfTests
{
    private const ulong Image = 0xffff_ffff_8120_0000;
    private const int Physical = 0x20_0000;
    private const int LargePage = 2 << 20;

    [Theory]
    [InlineData(0)]
    [InlineData(0x1234)]
    [InlineData((1 << 20) - 4)]
    [InlineData((1 << 20) - 24)]
    [InlineData(LargePage - 8)]
    public void Find_ABlobAnywhereInTheImage_GivesItsTypes(int offset)
    {
        byte[] blob = BtfSamples.Kernel().Build();
        byte[] image = new byte[2 * LargePage];
        blob.CopyTo(image, offset);

        GuestKernelTypes found = Find(image, name => name == "wake_up" ? 0x1234 : null)!;
        Assert.Equal(("BTF", Image + (ulong)offset, (ulong)blob.Length), (found.Format, found.Address, found.Size));
        Assert.Equal("struct task_struct", TypeNames.Spell(found.Types.FindType("task_struct")));
        Assert.Equal(0x1234u, found.Types.FindFunction("wake_up")!.LinkAddress);
    }

    [Fact]
    public void Find_AmongBlobsOfPrograms_GivesTheLargestOfAKernel()
    {
        // A program's blob, one that is damaged, the kernel's, a smaller one that has all of its names, and half of
        // one.
        byte[] image = new byte[2 * LargePage];
        var program = new BtfBuilder();
        for (int i = 0; i < 2_000; i++)
            program.Typedef($"name_{i}", 0);

        byte[] damaged = BtfSamples.Kernel(padding: 500).Build();
        damaged[24 + 7] = 31;
        byte[] kernel = BtfSamples.Kernel(padding: 200).Build();
        byte[] half = BtfSamples.Kernel(padding: 2_000).Build();
        half[8..].AsSpan(0, 4).Clear();
        program.Build().CopyTo(image, 0x1_0000);
        damaged.CopyTo(image, 0x8_0000);
        kernel.CopyTo(image, 0x10_0100);
        BtfSamples.Kernel().Build().CopyTo(image, 0x20_0000);
        half[..2_000].CopyTo(image, image.Length - 2_000);

        GuestKernelTypes found = Find(image)!;
        Assert.Equal((Image + 0x10_0100, (ulong)kernel.Length), (found.Address, found.Size));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void Find_WithoutABlobThatIsAligned_IsNothing(int offset)
    {
        byte[] image = new byte[LargePage];
        if (offset > 0)
            BtfSamples.Kernel().Build().CopyTo(image, offset);

        Assert.Null(Find(image));
    }

    [Fact]
    public void Find_InAnImageOfHeaders_EndsSoonWithNothing()
    {
        // Each header claims all that may be claimed, and the strings begin and end as they should.
        byte[] front = BtfSamples.Kernel().Build()[..24];
        BitConverter.TryWriteBytes(front.AsSpan(12), 0x10_0000);
        BitConverter.TryWriteBytes(front.AsSpan(16), 0x10_0000);
        BitConverter.TryWriteBytes(front.AsSpan(20), 0x10_0001);
        byte[] image = new byte[4 * LargePage];
        for (int at = 0; at + 32 < image.Length; at += 32)
            front.CopyTo(image, at);

        Assert.Null(Find(image));
    }

    [Fact]
    public void Find_InDamagedMemory_GivesTypesOrNothing()
    {
        byte[] blob = BtfSamples.Kernel().Build();
        var random = new Random(3);
        int found = 0;
        for (int round = 0; round < 40; round++)
        {
            byte[] image = new byte[LargePage];
            blob.CopyTo(image, 0x1000);
            image[0x1000 + random.Next(blob.Length)] = (byte)random.Next(256);
            found += Find(image) is { } types && types.Types.FindType("task_struct")!.Size is not null ? 1 : 0;
        }

        Assert.InRange(found, 5, 39);
    }

    private static GuestKernelTypes? Find(byte[] image, Func<string, ulong?>? findSymbol = null)
    {
        var tables = new PageTableBuilder();
        for (int offset = 0; offset < image.Length; offset += LargePage)
            tables.Map(Image + (ulong)offset, (ulong)(Physical + offset), PageTableBuilder.Present, level: 1);

        byte[] memory = new byte[Physical + image.Length];
        tables.Build().CopyTo(memory, 0);
        image.CopyTo(memory, Physical);
        var space = new AddressSpace(PageTableBuilder.ToMemory(memory), tables.Paging, "test");
        return KernelBtf.Find(space.Memory, Image, findSymbol ?? (_ => null));
    }
}
