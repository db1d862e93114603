using System.Text;
using Osprey.Guests.Linux.Logs;
using Osprey.Guests.Logs;
using Osprey.Target;
using Osprey.Tests.Builders.Guests;
using Osprey.Tests.Guests.Osv;

namespace Osprey.Tests.Guests.Linux.Logs;

public class KernelLogTests
{
    [Fact]
    public void Read_AFewRecords_GivesLinesWithTimes()
    {
        (FakeLinux linux, PrintkRingWriter ring) = Create();
        ring.Write("one");
        ring.Write("two\nlines");
        ring.WriteWithoutText(3);
        GuestLog log = KernelLog.Read(linux.ToKernel());
        Assert.Equal(
            ["[    1.500000] one", "[    1.500001] two", "[    1.500001] lines", "[    1.500002] "],
            log.Lines
        );
        Assert.Equal(
            [
                new GuestLogRecord(0, 1_500_000_000, 0, 0, "one") { Caller = "T42" },
                new GuestLogRecord(1, 1_500_001_000, 1, 1, "two\nlines") { Caller = "C1" },
                new GuestLogRecord(2, 1_500_002_000, 2, 2, "") { Caller = "T42" },
            ],
            log.Records!
        );
        Assert.False(log.IsCut);
        Assert.Empty(log.Defects);
    }

    [Theory]
    [InlineData(4, 9, 1)]
    [InlineData(4, 9, 20)]
    [InlineData(3, 12, 60)]
    [InlineData(6, 8, 60)]
    public void Read_ARingThatTurnsOver_GivesWhatIsThere(int countBits, int sizeBits, int longest)
    {
        (FakeLinux linux, PrintkRingWriter ring) = Create(countBits, sizeBits);
        var random = new Random(5);
        for (int i = 0; i < 500; i++)
        {
            ring.Write($"{i} {new string('x', random.Next(longest))}");
            GuestLog log = KernelLog.Read(linux.ToKernel());
            Assert.Equal(
                ring.Present,
                log.Records!.Select(record => KeyValuePair.Create(record.Sequence, record.Text))
            );
            Assert.Empty(log.Defects);
            Assert.Equal(ring.Present.Keys.First() > 0, log.IsCut);
        }
    }

    [Fact]
    public void Read_RecordsOfEachState_SaysWhatIsMissing()
    {
        (FakeLinux linux, PrintkRingWriter ring) = Create();
        ring.Write("one");
        ring.Write("nobody sees this", PrintkRingWriter.Reserved);
        ring.WriteWithoutText(1);
        ring.Write("three");
        linux.Write(ring.LastBlock, 12345UL);
        ring.Write("more may follow", PrintkRingWriter.Committed);
        GuestLog log = KernelLog.Read(linux.ToKernel());
        Assert.Equal(
            [
                "[    1.500000] one",
                "[    1.500003] (the text of this record can't be read)",
                "[    1.500004] more may follow",
            ],
            log.Lines
        );
        Assert.Equal([false, false, true], log.Records!.Select(record => record.IsUnfinished));
        Assert.Equal(
            ["1 record was being written and is not shown", "1 record lost its text for want of room"],
            log.Defects
        );
    }

    [Theory]
    [InlineData(3, 0)]
    [InlineData(100, 1)]
    public void Read_WhileTheGuestWrites_GivesNoTextOfAnother(int looks, int defects)
    {
        (FakeLinux linux, PrintkRingWriter ring) = Create();
        int number = 0;
        Write(40);
        int left = looks;
        GuestLog log = KernelLog.Read(
            linux.ToKernel(() =>
            {
                if (--left >= 0)
                    Write(6);
            })
        );
        Assert.True(log.Records!.Count > 3);
        Assert.All(log.Records, record => Assert.Equal(Text((int)record.Sequence), record.Text));
        Assert.Equal(defects, log.Defects.Count);
        Assert.All(log.Defects, defect => Assert.EndsWith("written over while they were read", defect));

        void Write(int count)
        {
            for (int i = 0; i < count; i++)
                ring.Write(Text(number++));
        }

        static string Text(int item) => $"record {item}";
    }

    [Fact]
    public void Read_WithoutSymbolsOrTypes_SaysWhatIsMissing()
    {
        var linux = new FakeLinux(4096);
        var problem = Assert.Throws<TargetException>(() => KernelLog.Read(linux.ToKernel()));
        Assert.Equal(TargetProblem.NotConfigured, problem.Problem);
        Assert.StartsWith("not configured in this kernel", problem.Message, StringComparison.Ordinal);

        linux.Allocate(8, "prb");
        problem = Assert.Throws<TargetException>(() => KernelLog.Read(linux.ToKernel()));
        Assert.Equal(TargetProblem.NotUnderstood, problem.Problem);
        Assert.Contains("CONFIG_DEBUG_INFO_BTF", problem.Message, StringComparison.Ordinal);

        linux.Symbols.Clear();
        problem = Assert.Throws<TargetException>(() => KernelLog.Read(linux.ToKernel()));
        Assert.Equal(TargetProblem.KernelUnknown, problem.Problem);
    }

    [Fact]
    public void Read_OfDamagedMemory_EndsWithRecordsOrAMessage()
    {
        (FakeLinux linux, PrintkRingWriter ring) = Create();
        for (int i = 0; i < 100; i++)
            ring.Write($"record {i}");

        var damage = new MemoryDamage(linux, ring.Places);
        (int read, int refused) = (0, 0);
        for (int round = MemoryDamage.Rounds(2000); round > 0; round--)
        {
            try
            {
                GuestLog log = KernelLog.Read(linux.ToKernel(memory: damage.Next()));
                Assert.InRange(log.Records!.Count, 0, 16);
                read++;
            }
            catch (TargetException exception)
            {
                Assert.DoesNotContain('\n', exception.Message);
                refused++;
            }
        }

        Assert.True(read > 0 && refused > 0, $"{read} were read, {refused} were not");
    }

    [Fact]
    public void Read_AKernelBefore510_FollowsItsRecords()
    {
        FakeLinux linux = CreateOld(out ulong place, out byte[] image);
        GuestLog log = KernelLog.Read(linux.ToKernel());
        Assert.Equal(["[    0.000040] fourth", "[    0.000050] fifth", "[    0.000060] sixth"], log.Lines);
        Assert.Equal([4UL, 5UL, 6UL], log.Records!.Select(record => record.Sequence));
        Assert.Equal([(1, 6), (1, 6), (1, 6)], log.Records!.Select(record => (record.Facility, record.Level)));
        Assert.Equal([null, null, null], log.Records!.Select(record => record.Caller));
        Assert.True(log.IsCut);
        Assert.Empty(log.Defects);

        // Each byte that lies takes some of the records with it, and says so, or changes one.
        for (int i = 0; i < image.Length; i++)
        {
            byte was = linux.At(place)[i];
            linux.At(place)[i] ^= 0xff;
            log = KernelLog.Read(linux.ToKernel());
            Assert.True(log.Records!.Count == 3 || log.Defects.Count == 1, $"byte {i}");
            linux.At(place)[i] = was;
        }
    }

    private static (FakeLinux Linux, PrintkRingWriter Ring) Create(int countBits = 4, int sizeBits = 9)
    {
        var linux = new FakeLinux(32 << 10);
        return (linux, new PrintkRingWriter(linux, countBits, sizeBits));
    }

    /// <summary>A buffer of 96 bytes: "fourth" begins at 64, and the two after it are at the start.</summary>
    private static FakeLinux CreateOld(out ulong place, out byte[] image)
    {
        var linux = new FakeLinux(4096);
        uint u8 = linux.Types.Integer("unsigned char", 1);
        uint u16 = linux.Types.Integer("unsigned short", 2);
        linux.Types.Integer("unsigned int", 4);
        uint u64 = linux.Types.Integer("unsigned long", 8);
        linux.Types.Struct(
            "printk_log",
            16,
            ("ts_nsec", u64, 0, 0),
            ("len", u16, 64, 0),
            ("text_len", u16, 80, 0),
            ("dict_len", u16, 96, 0),
            ("facility", u8, 112, 0),
            ("flags", u8, 120, 5),
            ("level", u8, 125, 3)
        );
        place = linux.Allocate(112);
        linux.Write(linux.Allocate(8, "log_buf"), place);
        linux.Write(linux.Allocate(4, "log_buf_len"), 112u);
        linux.Write(linux.Allocate(4, "log_first_idx"), 64u);
        linux.Write(linux.Allocate(4, "log_next_idx"), 48u);
        linux.Write(linux.Allocate(8, "log_first_seq"), 4UL);
        linux.Write(linux.Allocate(8, "log_next_seq"), 7UL);
        Put(place + 64, 40_000, "fourth");
        Put(place, 50_000, "fifth");
        Put(place + 24, 60_000, "sixth");
        image = linux.At(place)[..112].ToArray();
        return linux;

        void Put(ulong at, ulong time, string text)
        {
            linux.Write(at, time);
            linux.Write(at + 8, (ushort)24);
            linux.Write(at + 10, (ushort)text.Length);
            linux.At(at + 14)[0] = 1;
            linux.At(at + 15)[0] = 6 << 5;
            Encoding.ASCII.GetBytes(text).CopyTo(linux.At(at + 16));
        }
    }
}
