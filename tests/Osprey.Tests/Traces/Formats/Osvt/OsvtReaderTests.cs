using Osprey.Binary;
using Osprey.Tests.Builders.Traces;
using Osprey.Traces.Formats;
using Osprey.Traces.Formats.Osvt;
using Osprey.Traces.Model;

namespace Osprey.Tests.Traces.Formats.Osvt;

public sealed class OsvtReaderTests
{
    private static readonly BuiltTracepoint s_wait = new(0x40601000, "sched_wait");
    private static readonly BuiltTracepoint s_packet = new(0x40601100, "net_packet_in", "i*", "proto=%d, data=%s");

    [Fact]
    public void WorkedExample_OfTheFormat_IsWhatTheBuilderMakes()
    {
        // Section 3.8 of the description of the format: the head of a dump, and a record with a blob and one behind it.
        var open = new BuiltTracepoint(0x40601080, "vfs_open", "piI", "\"%s\" 0x%x 0%0o");
        var packet = new BuiltSample(s_packet)
        {
            Thread = 0xffff800000b01040,
            ThreadName = "net",
            Time = 2000,
            Cpu = 1,
            Arguments = [9, "abc"u8.ToArray()],
        };
        var plain = new BuiltSample(s_wait)
        {
            Thread = 0xffff800000b01040,
            ThreadName = "net",
            Time = 2001,
            Cpu = 1,
        };
        byte[] dump = new OsvtBuilder().Dictionary(null, s_wait, open, s_packet).Samples(packet, plain).Build();

        string head = Convert.ToHexStringLower(dump.AsSpan(0x10, 0x58));
        Assert.Equal(
            "01000000"
                + "01000000"
                + "44435254"
                + "00000000"
                + "d000000000000000"
                + "0a000000"
                + "03000000"
                + "0010604000000000"
                + "0a0073636865645f77616974"
                + "0a0073636865645f77616974"
                + "03004f5376"
                + "00"
                + "0000"
                + "00000000"
                + "00000000"
                + "8010604000000000",
            head
        );
        int start = 0x18 + 16 + 0xd0 + 16;
        Assert.Equal(
            "0011604000000000"
                + "4010b0000080ffff"
                + "6e6574"
                + new string('0', 26)
                + "d007000000000000"
                + "01000000"
                + "cccdcdcd"
                + "09000000"
                + "0300"
                + "616263"
                + "00000000000000"
                + "0010604000000000",
            Convert.ToHexStringLower(dump.AsSpan(start, 72))
        );
        Assert.Equal(start + 64 + 48, dump.Length);
        Assert.Equal(
            [
                "2000 1 ffff800000b01040 net net_packet_in [] 090000000300616263",
                "2001 1 ffff800000b01040 net sched_wait [] ",
            ],
            ReadTrace.From(dump).Lines
        );
    }

    [Fact]
    public void Garbage_InFlagsPaddingAndTextTails_LeavesNoTrace()
    {
        byte[] Dump(byte garbage) =>
            new OsvtBuilder { Garbage = garbage }
                .Dictionary(null, SmallTraces.Tracepoints)
                .Samples(SmallTraces.Samples)
                .Build();

        Assert.NotEqual(Dump(0), Dump(0xff));
        Assert.Equal(ReadTrace.From(Dump(0)).Write(), ReadTrace.From(Dump(0xff)).Write());
        Assert.Equal(SmallTraces.Tracefile(), ReadTrace.From(Dump(0xff)).Write());
    }

    [Fact]
    public void CutAtEveryByte_GivesASubsetOfTheSamples()
    {
        byte[] whole = SmallTraces.Dump();
        ReadTrace all = ReadTrace.From(whole);
        Assert.Equal(5, all.Lines.Count);
        int refused = 0;
        for (int length = 1; length < whole.Length; length++)
        {
            try
            {
                ReadTrace trace = ReadTrace.From(whole[..length]);
                Assert.Equal(all.Lines.Where(trace.Lines.Contains), trace.Lines);
                Assert.True(trace.Damage is not null, $"{length} bytes: what is gone is gone without a word");
                Assert.NotEqual(0, trace.Reader.Stats[LossKind.TruncatedBytes]);
            }
            catch (BadDataException)
            {
                refused++;
            }
        }

        Assert.InRange(refused, 24, whole.Length / 2);
    }

    [Fact]
    public void UnknownTracepoint_EndsItsCpuAlone()
    {
        var stranger = new BuiltSample(new BuiltTracepoint(0xdead, "gone")) { Time = 15 };
        BuiltSample At(ulong time, uint cpu) => new(s_wait) { Time = time, Cpu = cpu };
        byte[] dump = new OsvtBuilder()
            .Dictionary(null, s_wait)
            .Samples(At(10, 0), stranger, At(20, 0))
            .Samples(At(12, 1), At(30, 1))
            .Build();

        ReadTrace trace = ReadTrace.From(dump);

        Assert.Equal(["10 0", "12 1", "30 1"], trace.Lines.Select(line => line[..4]));
        Assert.Equal(
            $"trace+0x{dump.Length - 96 - 16 - 96:x}: a sample of unknown tracepoint 0xdead, "
                + "which the dictionary of 1 lacks",
            trace.Damage
        );
        Assert.Equal(96, trace.Reader.Stats[LossKind.UnreadableBytes]);
    }

    [Theory]
    [InlineData(0UL, 0L)]
    [InlineData(ulong.MaxValue, 1L)]
    public void Record_NotWrittenToItsEnd_EndsItsCpu(ulong key, long incomplete)
    {
        var unfinished = new BuiltSample(new BuiltTracepoint(key, "")) { Time = 15 };
        byte[] dump = new OsvtBuilder()
            .Dictionary(null, s_wait)
            .Samples(new BuiltSample(s_wait) { Time = 10 }, unfinished)
            .Build();

        ReadTrace trace = ReadTrace.From(dump);

        Assert.Single(trace.Lines);
        Assert.Null(trace.Damage);
        Assert.Equal(incomplete, trace.Reader.Stats[LossKind.IncompleteSamples]);
    }

    [Theory]
    [InlineData(2u)]
    [InlineData(1_000_001u)]
    [InlineData(uint.MaxValue)]
    public void Dictionary_DeclaringMoreThanItHas_KeepsWhatIsThereOrRefuses(uint count)
    {
        byte[] dump = new OsvtBuilder()
            .Dictionary(count, s_wait)
            .Samples(new BuiltSample(s_wait) { Time = 10 })
            .Build();
        if (count > ParseLimits.Default.MaxTracepoints)
        {
            BadDataException exception = Assert.Throws<BadDataException>(() => ReadTrace.From(dump));
            Assert.Equal(
                $"trace+0x30: a dictionary of {count} tracepoints, expected 1000000 at most",
                exception.Message
            );
            return;
        }

        ReadTrace trace = ReadTrace.From(dump);
        Assert.Single(trace.Lines);
        Assert.NotNull(trace.Damage);
    }

    [Theory]
    [InlineData(0u)]
    [InlineData(1u)]
    [InlineData(256u)]
    public void BacktraceLength_IsTheDictionarys(uint length)
    {
        var sample = new BuiltSample(s_wait) { Time = 10, Backtrace = [0x11, 0, 0x33] };
        byte[] dump = new OsvtBuilder { BacktraceLength = length }
            .Dictionary(null, s_wait)
            .Samples(sample, sample)
            .Build();

        string frames = length switch
        {
            0 => "",
            1 => "11",
            _ => "11 33",
        };
        string line = $"10 0 ffff800000a01040 init sched_wait [{frames}] ";
        Assert.Equal([line, line], ReadTrace.From(dump).Lines);
    }

    [Fact]
    public void BacktraceLength_BeyondReason_IsRefused()
    {
        byte[] dump = new OsvtBuilder { BacktraceLength = 257 }
            .Dictionary(null, s_wait)
            .Build();

        BadDataException exception = Assert.Throws<BadDataException>(() => ReadTrace.From(dump));

        Assert.Equal("trace+0x2c: backtraces of 257 frames, expected 256 at most", exception.Message);
    }

    [Fact]
    public void ChunkSize_BeyondTheFile_IsDamageAndWhatIsThereIsRead()
    {
        byte[] dump = new OsvtBuilder().Dictionary(null, s_wait).Samples(new BuiltSample(s_wait) { Time = 10 }).Build();
        int size = dump.Length - 48 - 8;
        BitConverter.GetBytes(ulong.MaxValue).CopyTo(dump, size);

        ReadTrace trace = ReadTrace.From(dump);

        Assert.Single(trace.Lines);
        Assert.Equal(
            $"trace+0x{size - 8:x}: the file ends inside chunk TRCS: expected 18446744073709551615 bytes, have 48",
            trace.Damage
        );
    }

    [Fact]
    public void Chunks_UnknownEmptyAndInAnyOrder_AreSteppedOver()
    {
        byte[] dump = new OsvtBuilder()
            .Chunk("EREH"u8, writer => writer.Bytes([1, 2, 3]))
            .Samples(new BuiltSample(s_wait) { Time = 10 })
            .Dictionary(null, s_wait)
            .Samples()
            .Build();

        ReadTrace trace = ReadTrace.From(dump);

        Assert.Single(trace.Lines);
        Assert.Null(trace.Damage);
        Assert.Equal(1, trace.Reader.Stats[LossKind.UnknownChunks]);
    }

    [Fact]
    public void Blob_LongerThanItsChunk_IsDamage()
    {
        var sample = new BuiltSample(s_packet) { Time = 10, Arguments = [9, new byte[5000]] };
        byte[] dump = new OsvtBuilder().Dictionary(null, s_packet).Samples(sample, sample).Build();
        ReadTrace whole = ReadTrace.From(dump);
        dump[^5001] = 0xff; // the high byte of the last blob's length

        ReadTrace trace = ReadTrace.From(dump);

        Assert.Equal(2, whole.Lines.Count);
        Assert.Equal(whole.Lines.Take(1), trace.Lines);
        Assert.Equal(
            $"trace+0x{dump.Length - 5054:x}: the CPU's samples end inside a record, after 5054 bytes of it",
            trace.Damage
        );
    }

    [Fact]
    public void CutBetweenChunks_IsNoticedByTheRootsSize()
    {
        byte[] dump = new OsvtBuilder()
            .Dictionary(null, s_wait)
            .Samples(new BuiltSample(s_wait) { Time = 10 })
            .Samples(new BuiltSample(s_wait) { Time = 11 })
            .Build();

        ReadTrace trace = ReadTrace.From(dump[..^64]);

        Assert.Single(trace.Lines);
        Assert.Equal(
            $"trace+0x{dump.Length - 64:x}: the file ends here: expected {dump.Length - 16} "
                + $"bytes behind its first 16, have {dump.Length - 80}",
            trace.Damage
        );
        Assert.Equal(64, trace.Reader.Stats[LossKind.TruncatedBytes]);
    }

    [Fact]
    public void NoDictionary_IsRefused()
    {
        BadDataException exception = Assert.Throws<BadDataException>(() =>
            ReadTrace.From(new OsvtBuilder().Samples().Build())
        );

        Assert.Equal("trace+0x18: no TRCD chunk: the dump has no dictionary of tracepoints", exception.Message);
    }

    [Fact]
    public void ByteOrderMark_Other_IsRefused()
    {
        byte[] dump = SmallTraces.Dump();
        dump[16] = 2;

        Assert.Equal(
            "trace+0x10: byte-order mark 0x2, expected 1",
            Assert.Throws<BadDataException>(() => ReadTrace.From(dump)).Message
        );
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Modules_WithAndWithoutSize_AreRead(bool hasSize)
    {
        byte[] dump = new OsvtBuilder()
            .Dictionary(null, s_wait)
            .Modules(
                hasSize,
                ("", 0x40200000, 0x500000, []),
                ("/usr/lib/libfoo.so", 0x100000000000, 0x9000, [(".text", 0x1000), (".data", 0x8000)])
            )
            .Symbols(
                ("main(int, char**)", 0x100000001100, 0x40, "", []),
                ("jit", 0x200000000000, 16, "A.java", [(0, 7), (8, -1)])
            )
            .Build();
        using var reader = (OsvtReader)TraceFormats.Standard.Open(TraceInput.FromStream("trace", new PipeStream(dump)));

        OsvtSymbolTables tables = reader.ReadSymbols();

        Assert.Equal(
            [
                ("", 0x40200000UL, hasSize ? 0x500000UL : null as ulong?, ""),
                ("/usr/lib/libfoo.so", 0x100000000000UL, hasSize ? 0x9000UL : null, ".text@1000 .data@8000"),
            ],
            tables.Modules.Select(module =>
                (
                    module.Path,
                    module.Base,
                    module.Size,
                    string.Join(' ', module.Sections.Select(section => $"{section.Name}@{section.Address:x}"))
                )
            )
        );
        Assert.Equal(
            ["main(int, char**) 100000001100 40  ", "jit 200000000000 10 A.java 0:7 8:-1"],
            tables.Symbols.Select(symbol =>
                $"{symbol.Name} {symbol.Address:x} {symbol.Size:x} {symbol.File} "
                + $"{string.Join(' ', symbol.Lines.Select(line => $"{line.Offset}:{line.Line}"))}"
            )
        );
        Assert.Empty(reader.Stats.Warnings);
    }
}
