using System.Text;
using Osprey.Tests.Packets;
using Osprey.Traces.Exports.Profiles;

namespace Osprey.Tests.Traces.Exports;

public sealed class SpeedscopeWriterTests
{
    private const string Header =
        """{"$schema":"https://www.speedscope.app/file-format-schema.json","name":"trace","""
        + @"""exporter"":""osprey"",""profiles"":[";

    [Fact]
    public void Complete_TwoProfiles_ShareTheirFrames() =>
        Assert.Equal(
            Header
                + """{"type":"sampled","name":"thread 1","unit":"nanoseconds","samples":[[0,1],"""
                + """[0],[0,1,2]],"weights":[5,7,1],"startValue":0,"endValue":13},"""
                + """{"type":"sampled","name":"thread 2","unit":"none","samples":[[1],"""
                + """[]],"weights":[1,2],"startValue":0,"endValue":3}],"""
                + @"""shared"":"
                + """{"frames":[{"name":"main"},{"name":"read<int, \"a\">","file":"fs/vfs.cc","line":42},"""
                + """{"name":"read<int, \"a\">"}]}}""",
            Write(WriteTwoProfiles)
        );

    [Fact]
    public void Complete_NoProfiles_IsAWholeFile() =>
        Assert.Equal(Header + """],"shared":{"frames":[]}}""", Write(_ => { }));

    [Fact]
    public void Complete_Twice_WritesOneEnd() =>
        Assert.Equal(Header + """],"shared":{"frames":[]}}""", Write(writer => writer.Complete()));

    [Fact]
    public void GetFrame_HalfASurrogatePair_IsReplaced() =>
        Assert.Equal(
            Header + "],\"shared\":{\"frames\":[{\"name\":\"a\\uFFFDb\"}]}}",
            Write(writer => writer.GetFrame("a\ud800b"))
        );

    [Fact]
    public void AddSample_OutsideOfAProfile_Throws() =>
        Assert.Throws<InvalidOperationException>(() => Write(writer => writer.AddSample([], 1)));

    [Fact]
    public void BeginProfile_AfterTheEnd_Throws() =>
        Assert.Throws<ObjectDisposedException>(() =>
            Write(writer =>
            {
                writer.Complete();
                writer.BeginProfile("late", SpeedscopeUnit.None);
            })
        );

    [RequiresSpeedscopeFact]
    public void Complete_TwoProfiles_AreWhatSpeedscopeReads()
    {
        string path = Path.GetTempFileName();
        try
        {
            File.WriteAllText(path, Write(WriteTwoProfiles));
            string[] arguments =
            [
                GoldenFile.GetPath("speedscope-import.mjs"),
                RequiresSpeedscopeFactAttribute.PackageDirectory,
                path,
            ];
            GoldenFile.Verify(OtherProgram.Run("node", [], arguments));
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static void WriteTwoProfiles(SpeedscopeWriter writer)
    {
        int main = writer.GetFrame("main");
        int read = writer.GetFrame("read<int, \"a\">", "fs/vfs.cc", 42);
        writer.BeginProfile("thread 1", SpeedscopeUnit.Nanoseconds);
        writer.AddSample([main, read], 5);
        writer.AddSample([writer.GetFrame("main")], 7);
        writer.AddSample([main, read, writer.GetFrame("read<int, \"a\">")], 1);
        writer.BeginProfile("thread 2", SpeedscopeUnit.None);
        writer.AddSample([read], 1);
        writer.AddSample([], 2);
    }

    private static string Write(Action<SpeedscopeWriter> write)
    {
        using MemoryStream output = new();
        using (SpeedscopeWriter writer = new(output, "trace"))
            write(writer);

        return Encoding.UTF8.GetString(output.ToArray());
    }
}
