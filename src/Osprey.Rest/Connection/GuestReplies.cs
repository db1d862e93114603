using Osprey.Rest.Counters;
using Osprey.Rest.Tracepoints;

namespace Osprey.Rest.Connection;

/// <summary>Reads the JSON replies that OSv's REST server sends.</summary>
/// <remarks>
/// Unknown members are skipped, so that a newer guest may send more. Whatever the bytes are, the result is a value or a
/// <see cref="GuestRestException"/>. <c>request</c> is the name of the request in messages.
/// </remarks>
internal static class GuestReplies
{
    /// <summary>Reads a list of tracepoints: <c>GET</c> and <c>POST /trace/status</c>.</summary>
    public static IReadOnlyList<TraceEventInfo> ReadStatus(ReadOnlySpan<byte> json, string request)
    {
        ReplyReader reader = new(json, request);
        reader.Next();
        reader.EnterArray("a list of tracepoints");
        List<TraceEventInfo> events = [];
        while (reader.NextElement())
            events.Add(Event(ref reader));
        reader.End();
        return events;
    }

    /// <summary>Reads one tracepoint: <c>GET</c> and <c>POST /trace/event/{id}</c>.</summary>
    public static TraceEventInfo ReadEvent(ReadOnlySpan<byte> json, string request)
    {
        ReplyReader reader = new(json, request);
        reader.Next();
        TraceEventInfo info = Event(ref reader);
        reader.End();
        return info;
    }

    /// <summary>Reads the counters: <c>GET /trace/count</c>. A guest without counters leaves out the list.</summary>
    public static TraceCounts ReadCounts(ReadOnlySpan<byte> json, string request)
    {
        ReplyReader reader = new(json, request);
        List<TraceCount> list = [];
        long? time = null;
        reader.Next();
        reader.EnterObject("counters");
        while (reader.NextMember() is { } member)
        {
            switch (member)
            {
                case "list":
                    list.Clear();
                    reader.EnterArray("a list of counters");
                    while (reader.NextElement())
                        list.Add(Count(ref reader));
                    break;
                case "time_ms":
                    time = reader.Int64("a time in ms");
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        reader.End();
        return new TraceCounts(list, time ?? throw reader.Missing("'time_ms'"));
    }

    /// <summary>Reads a reply that is one string: a version, or the report of an action.</summary>
    public static string ReadString(ReadOnlySpan<byte> json, string request)
    {
        ReplyReader reader = new(json, request);
        reader.Next();
        string text = reader.String("a string");
        reader.End();
        return text;
    }

    /// <summary>Reads a reply that is one whole number.</summary>
    public static long ReadInt64(ReadOnlySpan<byte> json, string request)
    {
        ReplyReader reader = new(json, request);
        reader.Next();
        long value = reader.Int64("a whole number");
        reader.End();
        return value;
    }

    /// <summary>Reads the text of an error reply.</summary>
    /// <exception cref="GuestRestException">
    /// The body is not an error as OSv sends it; another server may have sent it.
    /// </exception>
    public static string ReadError(ReadOnlySpan<byte> json, string request)
    {
        ReplyReader reader = new(json, request);
        string? message = null;
        reader.Next();
        reader.EnterObject("an error");
        while (reader.NextMember() is { } member)
        {
            if (member == "message")
                message = reader.String("an error's text");
            else
                reader.Skip();
        }

        reader.End();
        return message ?? throw reader.Missing("'message'");
    }

    private static TraceEventInfo Event(ref ReplyReader reader)
    {
        string? name = null;
        string? id = null;
        bool? enabled = null;
        bool? backtrace = null;
        reader.EnterObject("a tracepoint");
        while (reader.NextMember() is { } member)
        {
            switch (member)
            {
                case "name":
                    name = reader.String("a tracepoint's name");
                    break;
                case "id":
                    id = reader.String("a tracepoint's id");
                    break;
                case "enabled":
                    enabled = reader.Boolean("true or false as 'enabled'");
                    break;
                case "backtrace":
                    backtrace = reader.Boolean("true or false as 'backtrace'");
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        name ??= id ?? throw reader.Missing("a tracepoint's 'name'");
        return new TraceEventInfo(
            name,
            id ?? name,
            enabled ?? throw reader.Missing("a tracepoint's 'enabled'"),
            backtrace ?? throw reader.Missing("a tracepoint's 'backtrace'")
        );
    }

    private static TraceCount Count(ref ReplyReader reader)
    {
        string? name = null;
        long? count = null;
        reader.EnterObject("a counter");
        while (reader.NextMember() is { } member)
        {
            switch (member)
            {
                case "name":
                    name = reader.String("a counter's name");
                    break;
                case "count":
                    count = reader.Int64("a whole number as 'count'");
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        return new TraceCount(
            name ?? throw reader.Missing("a counter's 'name'"),
            count ?? throw reader.Missing("a counter's 'count'")
        );
    }
}
