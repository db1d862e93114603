using System.Globalization;
using Osprey.Target.Memory;

namespace Osprey.Tests.Guests.Report;

public sealed class GuestReportTests
{
    private const string Small = """
        begin version=1
        machine cpus=1 nodes=1 memory-kib=1024 uptime-ms=5 levels=4 pti=0
        kernel text=Linux version 6
        cmdline text=quiet  a=b
        types size=4120058 hash=0xcbf29ce484222325
        segment address=0x10000 physical=none size=16
        variable name=list address=0x50 size=8
        value text=probe.low = 5
        string text=probe.text = a = b
        spin start=0x10 end=0x20 release=0x30
        region space=0 name=noaccess address=0x3008 size=12288
        pattern space=0 name=noaccess address=0x3008 size=12288 seed=0xffffffffffffffff
        space id=0 pid=7
        map space=0 start=0x1000 end=0x3000 permissions=r--p text=/init
        run space=0 address=0x1000 pages=2 pfn=0xff page-flags=0x20000
        map space=0 start=0x3000 end=0x5000 permissions=---p text=
        run space=0 address=0x3000 pages=1 pfn=0x200 page-flags=0x0
        run space=0 address=0x4000 pages=1 pfn=none page-flags=0x0

        """;

    [Fact]
    public void Parse_AWholeReport_GivesWhatItSays()
    {
        GuestReport report = GuestReport.Parse(WithReady(Small));

        Assert.Equal("quiet  a=b", report.CommandLine);
        Assert.Equal((4_120_058UL, 0xcbf2_9ce4_8422_2325), (report.TypesSize, report.TypesHash));
        Assert.Equal([new GuestSegment(0x10000, null, 16)], report.Segments);
        Assert.Equal(
            [new GuestValue("probe.low", "5", false), new GuestValue("probe.text", "a = b", true)],
            report.Values
        );
        Assert.Equal(7, report.Processes[0]);
        Assert.Equal(
            [
                new GuestPage(0, 0x1000, new PhysicalAddress(0xff000), true, 0x20000),
                new GuestPage(0, 0x2000, new PhysicalAddress(0x100000), true, 0x20000),
                new GuestPage(0, 0x3000, new PhysicalAddress(0x200000), false, 0),
                new GuestPage(0, 0x4000, null, false, 0),
            ],
            report.GetPages(0)
        );
    }

    [Theory]
    [InlineData(0x0fff, null)]
    [InlineData(0x1000, 0xff000UL)]
    [InlineData(0x2fff, 0x100fffUL)]
    [InlineData(0x3000, null)]
    [InlineData(0x4000, null)]
    [InlineData(0x5000, null)]
    public void Translate_AnAddress_IsWhatACpuFinds(ulong address, ulong? physical) =>
        Assert.Equal(physical, GuestReport.Parse(WithReady(Small)).Translate(0, address)?.Value);

    [Fact]
    public void ExpectedBytes_WithinAPattern_AreThoseOfItsWords()
    {
        GuestReport report = GuestReport.Parse(WithReady(Small));
        byte[] words =
        [
            .. BitConverter.GetBytes(GuestPattern.Mix(ulong.MaxValue)),
            .. BitConverter.GetBytes(GuestPattern.Mix(0)),
        ];

        for (int start = 0; start < 16; start++)
        {
            for (int length = 0; start + length <= 16; length++)
                Assert.Equal(words[start..(start + length)], report.ExpectedBytes(0, 0x3008 + (ulong)start, length));
        }

        Assert.NotNull(report.ExpectedBytes(0, 0x3008, 12288));
        Assert.Null(report.ExpectedBytes(0, 0x3008, 12289));
        Assert.Null(report.ExpectedBytes(0, 0x3007, 1));
        Assert.Null(report.ExpectedBytes(1, 0x3008, 1));
    }

    // Vigna's splitmix64 with the state 0: its first output.
    [Fact]
    public void Mix_OfZero_IsTheKnownValue() => Assert.Equal(0xe220a8397b1dcdafUL, GuestPattern.Mix(0));

    [Fact]
    public void Parse_CutAnywhere_Throws()
    {
        string whole = WithReady(Small).TrimEnd();
        for (int length = 0; length < whole.Length; length++)
            Assert.Throws<FormatException>(() => GuestReport.Parse(whole[..length]));
    }

    [Fact]
    public void Parse_WithALineMissing_SaysHowManyThereAre()
    {
        string text = WithReady(Small).Replace("kernel text=Linux version 6\n", "", StringComparison.Ordinal);

        Assert.Equal(
            "the guest's report has 17 lines, but 18 were sent",
            Assert.Throws<FormatException>(() => GuestReport.Parse(text)).Message
        );
    }

    private static string WithReady(string lines) =>
        lines + string.Create(CultureInfo.InvariantCulture, $"ready lines={lines.Count(c => c == '\n')}\n");
}
