using Osprey.Guests.Linux.Stacks;
using Osprey.Target.Memory;
using Osprey.Tests.Builders.Guests;

namespace Osprey.Tests.Guests.Linux.Stacks;

public sealed class OrcTableTests
{
    private const ulong Addresses = OrcKernel.Addresses;
    private const ulong Entries = OrcKernel.Entries;

    public static TheoryData<string> Formats => [.. Enum.GetNames<OrcFormat>()];

    [Theory]
    [MemberData(nameof(Formats))]
    public void Read_EachFormat_IsToldByTheEntries(string name)
    {
        OrcFormat format = Enum.Parse<OrcFormat>(name);
        OrcBuilder builder = Sample(format);
        OrcTable table = Read(builder)!;
        Assert.Equal((format, builder.Count), (table.Format, table.Count));
        Assert.Equal(
            new OrcEntry(24, -16, OrcRegister.StackPointer, OrcRegister.PreviousStackPointer, OrcType.Call, false),
            table.Find(OrcKernel.Text + 0x1f, out ulong start)
        );
        Assert.Equal(OrcKernel.Text + 0x10, start);
        Assert.Equal(
            new OrcEntry(-8, 0, OrcRegister.StackPointer, OrcRegister.Undefined, OrcType.Registers, true),
            table.Find(OrcKernel.Text + 0x20, out _)
        );
        Assert.Equal(OrcType.EndOfStack, table.Find(OrcKernel.Text + 0x30, out _)!.Value.Type);
        Assert.Equal(OrcType.Undefined, table.Find(ulong.MaxValue, out _)!.Value.Type);
        Assert.Null(table.Find(OrcKernel.Text - 1, out _));
    }

    [Fact]
    public void Read_OneEntryThatMakesNoSense_IsThatEntryAlone()
    {
        OrcBuilder builder = Sample(OrcFormat.Types).AddRaw(OrcKernel.Text + 0x10_0000, 8, 0, 0xf2ff);
        OrcTable table = Read(builder)!;
        Assert.Equal(OrcType.Invalid, table.Find(OrcKernel.Text + 0x10_0000, out _)!.Value.Type);
    }

    [Theory]
    [InlineData(0UL, "it has 0 entries")]
    [InlineData(8UL << 20, "not all of it can be read")]
    [InlineData((8UL << 20) + 1, "it has 8388609 entries")]
    public void Read_CountThatLies_IsNotBelieved(ulong count, string expected)
    {
        Assert.Null(OrcTable.Read(new OrcKernel(OrcFormat.End), Addresses, Entries, count, null, out string? problem));
        Assert.Equal(expected, problem);
    }

    [Fact]
    public void Read_PlaceAtTheEndOfAddresses_IsNotBelieved()
    {
        Assert.Null(
            OrcTable.Read(new OrcKernel(OrcFormat.End), ulong.MaxValue - 8, Entries, 4, null, out string? problem)
        );
        Assert.Equal("it does not fit into the address space", problem);
    }

    [Fact]
    public void Read_AddressesOutOfOrder_AreNotBelieved() =>
        Assert.Equal(
            "its addresses are not in order",
            Fail(Sample(OrcFormat.Types).Add(OrcKernel.Text + 8, "call", "sp", 8))
        );

    [Fact]
    public void Read_AddressesOutsideOfTheKernel_AreNotBelieved() =>
        Assert.Equal(
            "its addresses are outside of the kernel's code",
            Fail(new OrcBuilder(OrcFormat.Types).Add(0xffff_ffff_7fff_0000, "call", "sp", 8))
        );

    [Fact]
    public void Read_BytesThatAreNoEntries_AreNotBelieved()
    {
        var builder = new OrcBuilder(OrcFormat.Types);
        for (ulong i = 0; i < 100; i++)
            builder.AddRaw(OrcKernel.Text + i, 0x2020, 0x2020, 0x2020);

        Assert.Equal("its entries are of no known format", Fail(builder));
        builder = Sample(OrcFormat.Types);
        for (ulong i = 0; i < 10; i++)
            builder.AddRaw(OrcKernel.Text + 0x10_0000 + i, 8, 0, 0xf2ff);

        Assert.Equal("its entries make no sense", Fail(builder));
    }

    private static OrcBuilder Sample(OrcFormat format)
    {
        OrcBuilder builder = new OrcBuilder(format)
            .Add(OrcKernel.Text, "call", "sp", 8)
            .Add(OrcKernel.Text + 0x10, "call", "sp", 24, "prev_sp", -16)
            .Add(OrcKernel.Text + 0x20, "regs", "sp", -8)
            .Add(OrcKernel.Text + 0x30, "end");
        for (ulong i = 0; i < 200; i++)
            builder.Add(OrcKernel.Text + 0x1000 + (i * 16), "call", "sp", 8);

        return builder.Add(OrcKernel.Text + 0xf_0000, "undefined");
    }

    private static string? Fail(OrcBuilder builder)
    {
        Assert.Null(Read(builder, out string? problem));
        return problem;
    }

    private static OrcTable? Read(OrcBuilder builder) => Read(builder, out _);

    private static OrcTable? Read(OrcBuilder builder, out string? problem)
    {
        (byte[] addresses, byte[] entries) = builder.Build(Addresses);
        return OrcTable.Read(new Two(addresses, entries), Addresses, Entries, (ulong)builder.Count, null, out problem);
    }

    private sealed class Two(byte[] addresses, byte[] entries) : IMemoryReader
    {
        public int Read(ulong address, Span<byte> buffer)
        {
            byte[] there = address < Entries ? addresses : entries;
            int start = (int)(address - (address < Entries ? Addresses : Entries));
            int count = Math.Min(there.Length - start, buffer.Length);
            there.AsSpan(start, count).CopyTo(buffer);
            return count;
        }
    }
}
