using Osprey.Binary;
using Osprey.Packets.Captures;

namespace Osprey.Tests.Packets.Captures;

/// <summary>Tests reading pcap and pcapng.</summary>
public sealed class CaptureReaderTests
{
    private const uint LinkType = 271;
    private const ulong Time = 1_700_000_000_123_456_000;

    private static readonly BuiltRecord[] s_records =
    [
        new(Time, [1, 2, 3, 4, 5]),
        new(Time + 1_000_000, []),
        new(Time + 2_000_000, [6, 7, 8, 9], 1000),
        new(4_294_967_295_999_999_000, new byte[70_000]),
    ];

    public static TheoryData<CaptureForm> Forms => [.. Enum.GetValues<CaptureForm>()];

    [Theory]
    [MemberData(nameof(Forms))]
    public void Read_AllForms_GiveTheSamePackets(CaptureForm form)
    {
        CaptureReader reader = Open(CaptureBuilder.Build(form, LinkType, s_records));
        List<(CaptureRecord Record, byte[] Data)> records = ReadAll(reader);
        Assert.Null(reader.Defect);
        Assert.Equal(s_records.Length, reader.Count);
        Assert.Equal(
            s_records.Select((record, i) => (i + 1L, (ulong?)record.Time, LinkType, record.OriginalLength)),
            records.Select(item =>
                (item.Record.Number, item.Record.Time, item.Record.LinkType, item.Record.OriginalLength)
            )
        );
        Assert.Equal(s_records.Select(record => record.Data), records.Select(item => item.Data));
        Assert.Equal([false, false, true, false], records.Select(item => item.Record.IsCut));
    }

    /// <summary>What was whole before the cut is kept; anywhere but between two packets, the cut is an error.</summary>
    [Theory]
    [MemberData(nameof(Forms))]
    public void Read_CutAtEachByte_KeepsThePacketsBefore(CaptureForm form)
    {
        BuiltRecord[] records = s_records[..3];
        int[] ends = [.. Enumerable.Range(0, 4).Select(i => CaptureBuilder.Build(form, LinkType, records[..i]).Length)];
        byte[] whole = CaptureBuilder.Build(form, LinkType, records);
        bool isPcapng = form >= CaptureForm.Pcapng;
        var section = new CaptureBuilder(isBigEndian: false);
        section.AddSection();
        for (int size = 0; size < whole.Length; size++)
        {
            CaptureReader? reader = null;
            try
            {
                reader = Open(whole[..size]);
            }
            catch (BadDataException)
            {
                Assert.True(size < (isPcapng ? section.Bytes.Length : ends[0]), $"at {size}");
                continue;
            }

            int count = ReadAll(reader).Count;
            Assert.Equal(Math.Max(0, ends.Count(end => end <= size) - 1), count);
            bool isBetween = ends.Contains(size) || (isPcapng && size == section.Bytes.Length);
            Assert.Equal((size, isBetween), (size, reader.Defect is null));
        }
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void Read_DamagedAnyhow_EndsWithOneErrorAtMost(CaptureForm form)
    {
        byte[] whole = CaptureBuilder.Build(form, LinkType, s_records[..3]);
        var random = new Random(271 + (int)form);
        int defects = 0;
        for (int round = 0; round < 3000; round++)
        {
            byte[] bytes = [.. whole];
            for (int i = random.Next(1, 4); i > 0; i--)
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);

            try
            {
                CaptureReader reader = Open(bytes);
                int count = ReadAll(reader).Count;
                Assert.InRange(count, 0, 3);
                if (reader.Defect is { } defect)
                {
                    defects++;
                    Assert.InRange(defect.Offset, 0, bytes.Length);
                }
            }
            catch (BadDataException exception)
            {
                defects++;
                Assert.InRange(exception.Offset, 0, bytes.Length);
            }
        }

        Assert.InRange(defects, 100, 3000);
    }

    [Fact]
    public void Open_WhatIsNoCapture_IsAnError()
    {
        Assert.Equal("FILE+0x0: expected a pcap or pcapng file, have 0 bytes", FailOpen([]));
        Assert.Equal(
            "FILE+0x0: expected a pcap or pcapng file, which begin with other bytes than 7f454c46",
            FailOpen([0x7f, 0x45, 0x4c, 0x46, 2])
        );
        Assert.Equal(
            "FILE+0x4: the file header is cut short: expected 20 bytes, have 1",
            FailOpen([0xd4, 0xc3, 0xb2, 0xa1, 2])
        );
        byte[] pcap = CaptureBuilder.Build(CaptureForm.PcapMicroseconds, LinkType, []);
        pcap[6] = 3;
        Assert.Equal("FILE+0x4: pcap of version 2.3; expected 2.4", FailOpen(pcap));
        byte[] pcapng = CaptureBuilder.Build(CaptureForm.Pcapng, LinkType, []);
        pcapng[12] = 2;
        Assert.Equal("FILE+0xc: pcapng of version 2.0; expected 1.0", FailOpen(pcapng));
        pcapng[8] = 0;
        Assert.Equal("FILE+0x8: byte-order magic 0x1a2b3c00; expected 0x1a2b3c4d", FailOpen(pcapng));
    }

    [Fact]
    public void Read_LengthsThatLie_AreErrors()
    {
        byte[] pcap = CaptureBuilder.Build(CaptureForm.PcapMicroseconds, LinkType, s_records[..1]);
        pcap[24 + 11] = 0x7f;
        Assert.Equal("FILE+0x18: packet 1 declares 2130706437 bytes; expected at most 16777216", FailRead(pcap));

        var builder = StartPcapng(out int start);
        builder.AddEnhancedPacket(0, 0, [1, 2, 3, 4], 4);
        byte[] bytes = builder.Bytes;
        bytes[start + 4]++;
        Assert.Equal(
            $"FILE+0x{start + 4:x}: a block of 37 bytes; expected a multiple of 4 from 12 to 16777216",
            FailRead(bytes)
        );
        bytes[start + 4]--;
        bytes[^4] = 40;
        Assert.Equal(
            $"FILE+0x{bytes.Length - 4:x}: a block ends with length 40; expected 36, as at its start",
            FailRead(bytes)
        );
        bytes[^4] = 36;
        bytes[start + 20] = 5;
        Assert.Equal($"FILE+0x{start + 28:x}: expected 5 bytes, have 4", FailRead(bytes));
        bytes[start + 20] = 4;
        bytes[start + 8] = 1;
        Assert.Equal($"FILE+0x{start + 12:x}: interface 1; the section has described 1", FailRead(bytes));
    }

    [Fact]
    public void Read_OptionBeyondItsBlock_IsAnError()
    {
        CaptureBuilder builder = StartPcapng(out int start);
        builder.AddEnhancedPacket(0, 0, [1, 2, 3, 4], 4, (1, [1, 2, 3, 4]));
        byte[] bytes = builder.Bytes;
        bytes[start + 34] = 5;
        Assert.Equal($"FILE+0x{start + 36:x}: expected 5 bytes, have 4", FailRead(bytes));
    }

    [Theory]
    [InlineData(6, 0L, 1_000_001ul, 1_000_001_000ul)]
    [InlineData(9, 0L, 1_000_001ul, 1_000_001ul)]
    [InlineData(0, 0L, 3ul, 3_000_000_000ul)]
    [InlineData(12, 0L, 1_234_567ul, 1_234ul)]
    [InlineData(0x80 | 1, 0L, 3ul, 1_500_000_000ul)]
    [InlineData(0x80 | 32, 5L, 1ul << 31, 5_500_000_000ul)]
    [InlineData(9, -1L, 1_500_000_000ul, 500_000_000ul)]
    [InlineData(9, -2L, 1_500_000_000ul, null)]
    [InlineData(0, 0L, ulong.MaxValue, null)]
    [InlineData(47, 0L, ulong.MaxValue, 0ul)]
    [InlineData(0xff, 0L, ulong.MaxValue, 0ul)]
    public void Read_TimesOfOtherUnits_AreNanoseconds(byte resolution, long offset, ulong time, ulong? expected)
    {
        var builder = new CaptureBuilder(isBigEndian: false);
        builder.AddSection();
        builder.AddInterface(271, [(9, [resolution]), (14, builder.Number(unchecked((ulong)offset)))]);
        builder.AddEnhancedPacket(0, time, [1], 1);
        Assert.Equal(expected, Assert.Single(ReadAll(Open(builder.Bytes))).Record.Time);
    }

    [Fact]
    public void Read_ResolutionBeyondReason_IsAnError()
    {
        var builder = new CaptureBuilder(isBigEndian: false);
        builder.AddSection();
        builder.AddInterface(271, [(9, [48])]);
        Assert.EndsWith(": times in units of 10^-48 seconds", FailRead(builder.Bytes));
    }

    [Fact]
    public void Read_BlocksOfAllKinds_LinkTypesByInterface()
    {
        var big = new CaptureBuilder(isBigEndian: true);
        CaptureBuilder builder = StartPcapng(out _);
        builder.AddBlock(0x0bad, body => body.Write32(1)); // of a later version
        builder.AddInterface(1, [], snapLength: 8);
        builder.AddEnhancedPacket(1, 1, [1], 1, (4, builder.Number(3)));
        builder.AddEnhancedPacket(0, 2, [2], 1, (1, [65, 66, 67]), (0, []));
        builder.AddObsoletePacket(0, 4, 3, [3]);
        builder.AddObsoletePacket(0, ushort.MaxValue, 4, [4]); // drops not known
        builder.AddSimplePacket([5, 6], 2);
        big.AddSection();
        big.AddInterface(147, [], snapLength: 1);
        big.AddSimplePacket([7], 99);
        CaptureReader reader = Open([.. builder.Bytes, .. big.Bytes]);
        Assert.Equal(
            [
                (1u, 1000ul, "01"),
                (271u, 2000ul, "02"),
                (271u, 3000ul, "03"),
                (271u, 4000ul, "04"),
                (271u, null, "0506"),
                (147u, (ulong?)null, "07"),
            ],
            ReadAll(reader).Select(item => (item.Record.LinkType, item.Record.Time, Convert.ToHexString(item.Data)))
        );
        Assert.Null(reader.Defect);
        Assert.Equal(7ul, reader.DropCount);
    }

    [Fact]
    public void DropCount_FromStatistics_IsTheirLastTotals()
    {
        CaptureBuilder builder = StartPcapng(out _);
        builder.AddEnhancedPacket(0, 1, [1], 1, (4, builder.Number(100)));
        builder.AddStatistics(0, (5, builder.Number(1)));
        builder.AddStatistics(0, (5, builder.Number(2)), (7, builder.Number(3)));
        builder.AddStatistics(0);
        builder.AddSection();
        builder.AddInterface(271, []);
        builder.AddStatistics(0, (5, builder.Number(10)));
        CaptureReader reader = Open(builder.Bytes);
        Assert.Single(ReadAll(reader));
        Assert.Equal(15ul, reader.DropCount);
    }

    private static CaptureBuilder StartPcapng(out int size)
    {
        var builder = new CaptureBuilder(isBigEndian: false);
        builder.AddSection();
        builder.AddInterface(271, []);
        size = builder.Bytes.Length;
        return builder;
    }

    private static CaptureReader Open(byte[] bytes) => CaptureReader.Open(new MemoryStream(bytes), "FILE");

    private static string FailOpen(byte[] bytes) => Assert.Throws<BadDataException>(() => Open(bytes)).Message;

    private static string FailRead(byte[] bytes)
    {
        CaptureReader reader = Open(bytes);
        ReadAll(reader);
        Assert.NotNull(reader.Defect);
        Assert.False(reader.TryRead(out _));
        return reader.Defect.Message;
    }

    private static List<(CaptureRecord Record, byte[] Data)> ReadAll(CaptureReader reader)
    {
        var records = new List<(CaptureRecord, byte[])>();
        while (reader.TryRead(out CaptureRecord record))
            records.Add((record, record.Data.ToArray()));

        return records;
    }
}
