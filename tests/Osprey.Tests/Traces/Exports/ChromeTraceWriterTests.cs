using System.Text;
using System.Text.Json;
using Osprey.Traces.Exports.Chrome;
using Osprey.Traces.Exports.Timeline;

namespace Osprey.Tests.Traces.Exports;

public sealed class ChromeTraceWriterTests
{
    private const string Header = """{"displayTimeUnit":"ns","traceEvents":[""";

    [Fact]
    public void Complete_EventsOfEveryKind_AreWhatTheFormatSays() =>
        Assert.Equal(
            Header
                + """{"name":"process_name","ph":"M","pid":1,"tid":0,"args":{"name":"guest"}},"""
                + """{"name":"thread_name","ph":"M","pid":1,"tid":7,"args":{"name":">init"}},"""
                + """{"name":"read","ph":"B","pid":1,"tid":7,"ts":0.001,"args":{"path":"/a\"b","size":-5}},"""
                + """{"ph":"E","pid":1,"tid":7,"ts":1234567.890},"""
                + """{"name":"wait","ph":"X","pid":1,"tid":7,"ts":2.000,"dur":18446744073709551.615},"""
                + """{"name":"wake","ph":"i","pid":1,"tid":7,"ts":3.050,"s":"t"},"""
                + """{"name":"load","ph":"C","pid":1,"tid":0,"ts":4.000,"args":{"cpu 0":3,"cpu 1":0}}]}""",
            Write(writer =>
            {
                writer.NameProcess(1, "guest");
                writer.NameThread(1, 7, ">init");
                writer.Begin(1, 7, 1, "read", new TimelineArgument("path", "/a\"b"), new TimelineArgument("size", -5));
                writer.End(1, 7, 1_234_567_890);
                writer.Slice(1, 7, 2000, ulong.MaxValue, "wait");
                writer.Instant(1, 7, 3050, "wake");
                writer.Counter(1, 4000, "load", new TimelineArgument("cpu 0", 3), new TimelineArgument("cpu 1", 0));
            })
        );

    [Fact]
    public void Complete_NoEvents_IsAWholeFile() => Assert.Equal(Header + "]}", Write(_ => { }));

    [Fact]
    public void Instant_AfterTheEnd_Throws() =>
        Assert.Throws<ObjectDisposedException>(() =>
            Write(writer =>
            {
                writer.Complete();
                writer.Instant(0, 0, 0, "late");
            })
        );

    [Fact]
    public void Begin_ManyEvents_GoOutBeforeTheEndAndParse()
    {
        const int Count = 20_000;
        using MemoryStream output = new();
        using (ChromeTraceWriter writer = new(output))
        {
            for (int i = 0; i < Count; i++)
                writer.Begin(1, i, (ulong)i, "name \u0000\u2028\ud800");

            Assert.InRange(output.Length, Count * 50, long.MaxValue);
        }

        using JsonDocument document = JsonDocument.Parse(output.ToArray());
        Assert.Equal(Count, document.RootElement.GetProperty("traceEvents").GetArrayLength());
        Assert.Equal(
            "name \u0000\u2028\ufffd",
            document.RootElement.GetProperty("traceEvents")[Count - 1].GetProperty("name").GetString()
        );
    }

    private static string Write(Action<ChromeTraceWriter> write)
    {
        using MemoryStream output = new();
        using (ChromeTraceWriter writer = new(output))
            write(writer);

        return Encoding.UTF8.GetString(output.ToArray());
    }
}
