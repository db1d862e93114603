using System.Text;
using Osprey.Binary;
using Osprey.Traces.Formats;

namespace Osprey.Tests.Traces.Formats;

public sealed class TraceFormatsTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("osprey-test-");

    public static TheoryData<byte[], string> OtherFiles =>
        new()
        {
            { [], "the file is empty; expected a tracefile or an OSVT dump" },
            { [3], "the file has 1 bytes; expected a tracefile or an OSVT dump" },
            { [3, 0, 0], "the file has 3 bytes; expected a tracefile or an OSVT dump" },
            { [4, 0, 0, 0, 0, 0, 0, 0], "version 4 of the tracefile format; expected 1, 2 or 3" },
            { [0, 0, 0, 0], "expected a tracefile (version 1 to 3) or an OSVT dump (TVSO)" },
            { [0xff, 0xff, 0xff, 0xff], "expected a tracefile (version 1 to 3) or an OSVT dump (TVSO)" },
            {
                "OSVT and so on"u8.ToArray(),
                "a big-endian OSVT dump; only little-endian ones are known to exist and can be read"
            },
            {
                "{\"message\": \"Not found\"}"u8.ToArray(),
                "this is JSON, not a trace; a server's error message may have been saved in its place"
            },
            {
                "\u007fELF\u0002\u0001"u8.ToArray(),
                "this is an ELF file, not a trace; give it with -e to resolve symbols"
            },
            { "#!/bin/sh\n"u8.ToArray(), "expected a tracefile (version 1 to 3) or an OSVT dump (TVSO)" },
        };

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [MemberData(nameof(OtherFiles))]
    public void Open_OtherFile_SaysWhatItIs(byte[] content, string problem)
    {
        BadDataException exception = Assert.Throws<BadDataException>(() => ReadTrace.From(content));

        Assert.Equal($"trace+0x0: {problem}", exception.Message);
    }

    [Fact]
    public void Open_ReadOnlyFile_ReadsItAndLeavesIt()
    {
        foreach (byte[] content in new[] { SmallTraces.Tracefile(), SmallTraces.Dump() })
        {
            string path = Path.Combine(_folder.FullName, "trace");
            File.WriteAllBytes(path, content);
            File.SetAttributes(path, FileAttributes.ReadOnly);

            ReadTrace trace = ReadTrace.FromFile(path);

            Assert.Equal(5, trace.Lines.Count);
            Assert.Equal(content.Length, trace.Reader.Stats.BytesRead);
            File.SetAttributes(path, FileAttributes.Normal);
            Assert.Equal(content, File.ReadAllBytes(path));
        }
    }

    [Fact]
    public void OpenFile_Folder_IsRefused() => Assert.Throws<IOException>(() => TraceInput.OpenFile(_folder.FullName));

    [Fact]
    public void OpenFile_Missing_IsRefused() =>
        Assert.Throws<FileNotFoundException>(() => TraceInput.OpenFile(Path.Combine(_folder.FullName, "none")));

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(4096)]
    public void Open_PipeOfAnyPortion_ReadsTheSame(int most)
    {
        foreach (byte[] content in new[] { SmallTraces.Tracefile(), SmallTraces.Dump() })
        {
            using Osprey.Traces.Model.TraceReader reader = TraceFormats.Standard.Open(
                TraceInput.FromStream("pipe", new PipeStream(content, most))
            );
            var batch = new Osprey.Traces.Model.SampleBatch();
            int count = 0;
            while (reader.Read(batch))
                count += batch.Count;

            Assert.Equal(5, count);
            Assert.Null(reader.Stats.Damage);
            Assert.Equal("pipe", reader.Name);
        }
    }

    [Fact]
    public void Open_LargeTrace_CrossesBatches()
    {
        var builder = new Builders.Traces.TracefileBuilder();
        Builders.Traces.BuiltTracepoint text = builder.Define("text", "p*i", "%s %s %d");
        for (int i = 0; i < 20_000; i++)
        {
            builder.Add(
                new Builders.Traces.BuiltSample(text)
                {
                    Time = (ulong)i,
                    Backtrace = [.. Enumerable.Range(1, i % 11).Select(frame => (ulong)frame)],
                    Arguments = [$"number {i}", Encoding.ASCII.GetBytes(new string('x', i % 301)), i],
                }
            );
        }

        byte[] file = builder.Build();
        ReadTrace trace = ReadTrace.From(file);

        Assert.Equal(20_000, trace.Lines.Count);
        Assert.Equal(file, trace.Write());
    }
}
