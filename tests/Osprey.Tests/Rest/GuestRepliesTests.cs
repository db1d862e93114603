using System.Text;
using Osprey.Rest.Connection;
using Osprey.Rest.Counters;
using Osprey.Rest.Tracepoints;

namespace Osprey.Tests.Rest;

public sealed class GuestRepliesTests
{
    private const string Request = "GET /x";

    private delegate object Reader(ReadOnlySpan<byte> json, string request);

    [Fact]
    public void ReadStatus_Recorded_GivesAllInOrder()
    {
        IReadOnlyList<TraceEventInfo> events = GuestReplies.ReadStatus(
            RecordedReplies.Read("trace_status.json"),
            Request
        );

        Assert.Equal(592, events.Count);
        Assert.Equal(new TraceEventInfo("clear_pte", "clear_pte", false, true), events[0]);
        Assert.Equal(480, TracepointState.Merge(events).Count);
        Assert.Equal(114, events.Count(info => info.Enabled));
        Assert.Contains(new TraceEventInfo("function entry", "function entry", false, true), events);
    }

    [Fact]
    public void EachReader_Recorded_GivesItsValue()
    {
        Assert.Equal(
            new TraceEventInfo("vfs_open", "vfs_open", true, true),
            GuestReplies.ReadEvent(RecordedReplies.Read("trace_event_vfs_open.json"), Request)
        );
        Assert.Equal("nosuch", GuestReplies.ReadError(RecordedReplies.Read("trace_event_nosuch.json"), Request));
        Assert.Equal("Not found", GuestReplies.ReadError(RecordedReplies.Read("api_listings.json"), Request));
        Assert.Equal(
            "v0.57.0-398-g0e34e4dc",
            GuestReplies.ReadString(RecordedReplies.Read("os_version.json"), Request)
        );
        Assert.Equal(2, GuestReplies.ReadInt64(RecordedReplies.Read("hardware_processor_count.json"), Request));
        TraceCounts counts = GuestReplies.ReadCounts(RecordedReplies.Read("trace_count.json"), Request);
        Assert.Empty(counts.List);
        Assert.Equal(3850, counts.TimeMilliseconds);
    }

    [Fact]
    public void ReadCounts_WithList_GivesItInTheGuestsOrder()
    {
        TraceCounts counts = GuestReplies.ReadCounts(
            "{\"list\": [{\"name\": \"b\", \"count\": 7},{\"name\": \"a\", \"count\": 9000000000}], "u8
                + "\"time_ms\": 12, \"newer\": {\"x\": [1]}}"u8,
            Request
        );

        Assert.Equal([new TraceCount("b", 7), new TraceCount("a", 9_000_000_000)], counts.List);
        Assert.Equal(12, counts.TimeMilliseconds);
    }

    [Theory]
    [InlineData("", 0, 0, "it ends too early")]
    [InlineData("<html>", 0, 6, "it is not JSON")]
    [InlineData("{}", 1, 2, "expected a list of tracepoints, found an object")]
    [InlineData("[] x", 3, 4, "something follows its end")]
    [InlineData("[][]", 2, 4, "something follows its end")]
    [InlineData("[7]", 2, 3, "expected a tracepoint, found the number 7")]
    [InlineData("[{\"name\": 7}]", 11, 13, "expected a tracepoint's name, found the number 7")]
    [InlineData(
        "[{\"name\": \"a\", \"enabled\": \"yes\"}]",
        31,
        33,
        "expected true or false as 'enabled', found a string"
    )]
    [InlineData("[{\"name\": \"a\", \"enabled\": null}]", 30, 32, "expected true or false as 'enabled', found null")]
    [InlineData("[{\"name\": \"a\", \"enabled\": true}]", 31, 32, "a tracepoint's 'backtrace' is missing")]
    [InlineData("[{\"enabled\": true}]", 18, 19, "a tracepoint's 'name' is missing")]
    [InlineData("[{\"name\": \"\\ud800\"}]", 18, 20, "it has text that is not Unicode")]
    [InlineData("[{\"name\": \"a", 10, 12, "it ends too early")]
    [InlineData("[{\"x\": [[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]}]", 21, 46, "it is not JSON")]
    public void ReadStatus_Malformed_SaysWhere(string json, int at, int length, string why)
    {
        GuestRestException error = Assert.Throws<GuestRestException>(() =>
            GuestReplies.ReadStatus(Encoding.UTF8.GetBytes(json), Request)
        );

        Assert.Equal(
            $"the reply to GET /x is malformed at byte {at} of {length}: {why}\n"
                + "Is it an OSv guest that answers there? Fetch the same URL with curl to see the reply.",
            error.Message
        );
        Assert.Equal(GuestRestProblem.BadReply, error.Problem);
    }

    [Theory]
    [InlineData("{\"time_ms\": 1.5}", "malformed at byte 15 of 16: expected a time in ms, found the number 1.5")]
    [InlineData(
        "{\"time_ms\": 99999999999999999999}",
        "malformed at byte 32 of 33: expected a time in ms, found the number 99999999999999999999"
    )]
    [InlineData("{\"list\": []}", "malformed at byte 12 of 12: 'time_ms' is missing")]
    [InlineData("{\"list\": [{\"name\": \"a\"}]}", "malformed at byte 23 of 25: a counter's 'count' is missing")]
    [InlineData("{\"list\": [{\"count\": 1}]}", "malformed at byte 22 of 24: a counter's 'name' is missing")]
    public void ReadCounts_Malformed_SaysWhere(string json, string why)
    {
        GuestRestException error = Assert.Throws<GuestRestException>(() =>
            GuestReplies.ReadCounts(Encoding.UTF8.GetBytes(json), Request)
        );

        Assert.Equal($"the reply to GET /x is {why}", error.Finding);
    }

    [Theory]
    [InlineData("trace_status.json")]
    [InlineData("trace_event_vfs_open.json")]
    [InlineData("trace_event_nosuch.json")]
    [InlineData("trace_count.json")]
    [InlineData("os_version.json")]
    public void Readers_CutAtEachByte_ThrowOnlyOurException(string name)
    {
        byte[] whole = RecordedReplies.Read(name);
        Reader reader = ReaderOf(name);

        for (int length = 0; length < whole.Length; length += Step(length, whole.Length))
        {
            byte[] cut = whole[..length];
            Assert.Throws<GuestRestException>(() => reader(cut, Request));
        }

        // The middle of the long list has nothing that its ends do not have, so large steps are enough there.
        static int Step(int length, int whole) => length > 2000 && length < whole - 200 ? 997 : 1;
    }

    [Fact]
    public void Readers_Mutated_ThrowOnlyOurException()
    {
        string[] names =
        [
            "trace_event_vfs_open.json",
            "trace_event_nosuch.json",
            "trace_count.json",
            "os_version.json",
            "trace_status.json",
        ];
        byte[][] samples = [.. names.Select(name => RecordedReplies.Read(name)[..^0])];
        samples[4] = [.. samples[4][..samples[4].AsSpan().IndexOf("},{"u8)], .. "}]"u8];
        byte[] alphabet = "{}[]\",:\\u d8f0e1-+.tn\0\xff\xc3\x1b"u8.ToArray();
        Random random = new(20240711);

        for (int round = 0; round < 4000; round++)
        {
            int which = round % samples.Length;
            byte[] json = [.. samples[which]];
            for (int edits = random.Next(1, 6); edits > 0; edits--)
                json[random.Next(json.Length)] =
                    random.Next(4) == 0 ? (byte)random.Next(256) : alphabet[random.Next(alphabet.Length)];

            foreach (string name in names)
            {
                try
                {
                    ReaderOf(name)(json, Request);
                }
                catch (GuestRestException)
                {
                    // The only exception that is allowed.
                }
            }
        }
    }

    private static Reader ReaderOf(string name) =>
        name switch
        {
            "trace_status.json" => GuestReplies.ReadStatus,
            "trace_event_vfs_open.json" => GuestReplies.ReadEvent,
            "trace_count.json" => GuestReplies.ReadCounts,
            "os_version.json" => GuestReplies.ReadString,
            _ => GuestReplies.ReadError,
        };
}
