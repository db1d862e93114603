using Osprey.Symbols;
using Osprey.Tests.Binary;
using Osprey.Tests.Builders.Traces;
using Osprey.Traces.Formats;
using Osprey.Traces.Formats.Osvt;
using Osprey.Traces.Formats.Osvt.Recordings;
using Osprey.Traces.Model;
using Osprey.Traces.Rings;

namespace Osprey.Tests.Traces.Formats.Osvt;

/// <summary>Recordings: dumps that we write ourselves, and that grow.</summary>
public sealed class RecordingTests : IDisposable
{
    private readonly string _path = Path.GetTempFileName();

    public void Dispose() => File.Delete(_path);

    [Fact]
    public void Open_WholeRecording_HasAllThatWasWritten()
    {
        byte[] file = Write(commits: true);

        using OsvtReader reader = Open(file);

        Assert.Equal("OSVT recording", reader.FormatName);
        Assert.Equal(new RecordingFacts("OSv v1", "test", "2026-11-29T10:00:00.000Z", "record", 2), reader.Facts);
        Assert.Equal(
            [
                new RecordedCpu(0, 1105, 1105 * 56, 1820, (25 * 4096) - (5 * 56), 1, 0, 0, 1 << 16),
                new RecordedCpu(1, 3, 3 * 56, 0, 0, 0, 0, 0, 1 << 16),
            ],
            reader.Recorded
        );
        Assert.Equal(
            ["OverwrittenSamples 1820", "OverwrittenBytes 102120"],
            reader.Stats.EnumerateLosses().Select(loss => $"{loss.Kind} {loss.Amount}")
        );
        Assert.Null(reader.Stats.Damage);
        var frames = new List<SymbolFrame>();
        Assert.True(reader.ReadNames()!.TryResolve(0x1234, frames));
        Assert.Equal(
            [
                new SymbolFrame(0x1234, "inner", "a.cc", 5, IsInlined: true),
                new SymbolFrame(0x1234, "outer(int)", null, null),
            ],
            frames
        );
        OsvtSymbolTables tables = reader.ReadSymbols();
        Assert.Equal(["outer(int)"], tables.Symbols.Select(symbol => symbol.Name));
        Assert.Equal(["", "/app"], tables.Modules.Select(module => module.Path));
        Assert.Equal(1108, Count(reader));
    }

    [Fact]
    public void Open_RecorderWasKilled_HasWhatWasCommitted()
    {
        byte[] whole = Write(commits: true);
        byte[] killed = Write(commits: false);

        Assert.Equal(whole.Length, killed.Length);
        for (int length = killed.Length; length > killed.Length - 500; length -= 37)
        {
            using OsvtReader reader = Open(killed[..length]);
            Assert.Equal(0, Count(reader));
            Assert.Null(reader.Stats.Damage);
        }
    }

    [Fact]
    public void Recording_Mutated_IsReadOrRefused()
    {
        int refused = Mutations.Change(Write(commits: true)[..700], seed: 41, count: 300, file => Count(Open(file)));

        Assert.InRange(refused, 1, 299);
    }

    [Fact]
    public void Recording_Truncated_IsReadOrRefused() =>
        Assert.InRange(Mutations.Truncate(Write(commits: true)[..700], file => Count(Open(file))), 24, 699);

    [Fact]
    public void Open_SecondDictionary_AddsItsTracepoints()
    {
        using (FileStream stream = Create())
        {
            var ring = new SimulatedRing(1 << 16);
            RecordingWriter writer = Begin(stream, ring);
            Tracepoint added = ring.Tracepoints.Add(0x6000, "new"u8, "Q50p"u8, "%lu %s"u8);
            writer.AddTracepoints([added], RingLayout.Osv);
            writer.Commit();
        }

        using OsvtReader reader = Open(File.ReadAllBytes(_path));
        Assert.Equal(
            ["number Q", "blob Q*", "new Q50p"],
            reader.Tracepoints.All.Select(item => $"{item.Name} {item.Signature}")
        );
    }

    private byte[] Write(bool commits)
    {
        using (FileStream stream = Create())
        {
            SimulatedRing[] rings = [new(1 << 16), new(1 << 16, cpu: 1)];
            RecordingWriter writer = Begin(stream, rings[0]);
            writer.Add([new OsvtModule("", 0x4000, 0x10000, []), new OsvtModule("/app", 0x100000, 0x1000, [])]);
            foreach (SimulatedRing ring in rings)
                writer.AddCpu(ring.Place);

            writer.Commit();
            RingReader[] readers = [.. rings.Select(ring => ring.CreateReader())];
            for (int i = 0; i < 5; i++)
                rings[0].Write();

            for (int i = 0; i < 3; i++)
                rings[1].Write();

            foreach (RingReader reader in readers)
                Add(writer, reader, finishes: false);

            while (rings[0].Next < 73 * 40)
                rings[0].Write(); // more than the ring holds

            for (int i = 0; i < 5; i++)
                rings[0].Write();

            Add(writer, readers[0], finishes: true);
            writer.Add(
                [
                    (
                        0x1234UL,
                        [
                            new SymbolFrame(0x1234, "inner", "a.cc", 5, IsInlined: true),
                            new SymbolFrame(0x1234, "outer(int)"),
                        ]
                    ),
                ],
                [new OsvtSymbol("outer(int)", 0x1200, 0x100, "", [])]
            );
            if (commits)
                writer.Commit();
        }

        return File.ReadAllBytes(_path);
    }

    private static void Add(RecordingWriter writer, RingReader reader, bool finishes)
    {
        reader.Look();
        var piece = new RingPiece();
        while (reader.Read(piece)) { }

        if (finishes)
            reader.Finish(piece);

        writer.Add(piece);
    }

    private static RecordingWriter Begin(FileStream stream, SimulatedRing ring) =>
        new(
            stream.SafeFileHandle,
            new RecordingFacts("OSv v1", "test", "2026-11-29T10:00:00.000Z", "record", 2),
            ring.Tracepoints.All,
            RingLayout.Osv
        );

    private FileStream Create() => new(_path, FileMode.Create, FileAccess.ReadWrite);

    private static OsvtReader Open(byte[] file) =>
        (OsvtReader)TraceFormats.Standard.Open(TraceInput.FromStream("recording", new MemoryStream(file)));

    private static int Count(OsvtReader reader)
    {
        using (reader)
        {
            var batch = new SampleBatch();
            int count = 0;
            while (reader.Read(batch))
                count += batch.Count;

            reader.ReadNames();
            reader.ReadSymbols();
            return count;
        }
    }
}
