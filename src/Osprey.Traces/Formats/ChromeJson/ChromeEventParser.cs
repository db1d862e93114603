using System.Text.Json;
using Osprey.Binary;

namespace Osprey.Traces.Formats.ChromeJson;

/// <summary>Reads the events of Trace Event JSON, in the order of the file.</summary>
/// <remarks>
/// The format is that of "Trace Event Format" (Chromium's documents): X is a whole slice, B and E are its ends, b and e
/// those of one that runs beside others, M names threads, C is a counter, the others are moments. Arrows (s, t, f) and
/// objects (N, O, D) are left out. Threads are numbered by process and thread; what runs beside others is a thread of
/// its own, by its id.
/// </remarks>
internal sealed class ChromeEventParser(string name, ReadOnlyMemory<byte> json)
{
    private const int MaxEvents = 1 << 26;

    /// <summary>The size of what may be missing at the end: more is no event that was cut.</summary>
    private const int MaxCut = 1 << 16;

    private readonly OrderedDictionary<string, int> _names = [];
    private readonly OrderedDictionary<string, int> _threads = [];
    private readonly Dictionary<ulong, string> _threadNames = [];
    private readonly Dictionary<ulong, Stack<int>> _open = [];

    /// <summary>The events; sorted once they are read.</summary>
    public List<ChromeEvent> Events { get; } = [];

    /// <summary>The bytes at the end of a file that was cut, which are no whole event.</summary>
    public int TruncatedBytes { get; private set; }

    /// <summary>The names that slices have, by number.</summary>
    public HashSet<int> Pairs { get; } = [];

    /// <summary>The names of events by number.</summary>
    public IReadOnlyList<string> Names => [.. _names.Keys];

    /// <summary>The name of a thread; empty when it has none.</summary>
    public string NameOf(ulong thread) => _threadNames.GetValueOrDefault(thread, "");

    /// <summary>Reads all events and sorts them.</summary>
    /// <exception cref="BadDataException">The text is no JSON, or has no events.</exception>
    public void Read()
    {
        var reader = new Utf8JsonReader(json.Span, new JsonReaderOptions { AllowTrailingCommas = true });
        long end = 0;
        try
        {
            FindEvents(ref reader);
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                if (reader.TokenType != JsonTokenType.StartObject)
                    throw Problem(reader.TokenStartIndex, $"an event is {reader.TokenType}, not an object");

                ReadEvent(ref reader);
                end = reader.BytesConsumed;
                if (Events.Count > MaxEvents)
                    throw Problem(reader.TokenStartIndex, $"there are over {MaxEvents} events");
            }
        }
        // A recorder that was stopped need not have closed the array.
        catch (JsonException exception) when (Events.Count == 0 || reader.BytesConsumed < json.Length - MaxCut)
        {
            throw Problem(reader.BytesConsumed, $"this is no JSON: {FirstSentence(exception.Message)}");
        }
        catch (JsonException)
        {
            ReadOnlySpan<byte> rest = json.Span[(int)end..].Trim(" \t\r\n,"u8);
            TruncatedBytes = rest.Length;
        }

        if (Events.Count == 0)
            throw Problem(0, "there is no event in this trace");

        ChromeEvent[] events = [.. Events];
        int[] order = [.. Enumerable.Range(0, events.Length)];
        Array.Sort(order, (a, b) => events[a].CompareTo(events[b]) is not 0 and int by ? by : a.CompareTo(b));
        for (int i = 0; i < order.Length; i++)
            Events[i] = events[order[i]];

        NameEnds();
    }

    private static string FirstSentence(string message)
    {
        int end = message.IndexOf(". ", StringComparison.Ordinal);
        return (end < 0 ? message : message[..end]).TrimEnd('.');
    }

    private BadDataException Problem(long offset, string message) => new(name, offset, message);

    private void FindEvents(ref Utf8JsonReader reader)
    {
        if (reader.Read() && reader.TokenType == JsonTokenType.StartArray)
            return;

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            bool isIt = reader.ValueTextEquals("traceEvents"u8);
            reader.Read();
            if (isIt && reader.TokenType == JsonTokenType.StartArray)
                return;

            reader.Skip();
        }

        throw Problem(reader.BytesConsumed, "this JSON has no array \"traceEvents\"");
    }

    private void ReadEvent(ref Utf8JsonReader reader)
    {
        string? title = null;
        string phase = "";
        string process = "",
            thread = "",
            id = "";
        ulong time = 0,
            length = 0;
        int arguments = 0,
            size = 0;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string key = JsonText.Of(ref reader);
            reader.Read();
            switch (key)
            {
                case "name":
                    title = TextOf(ref reader);
                    break;
                case "ph":
                    phase = TextOf(ref reader);
                    break;
                case "pid":
                    process = TextOf(ref reader);
                    break;
                case "tid":
                    thread = TextOf(ref reader);
                    break;
                case "id":
                    id = TextOf(ref reader);
                    break;
                case "ts":
                    time = NanosecondsOf(ref reader);
                    break;
                case "dur":
                    length = NanosecondsOf(ref reader);
                    break;
                case "args" when reader.TokenType == JsonTokenType.StartObject:
                    arguments = checked((int)reader.TokenStartIndex);
                    reader.Skip();
                    size = checked((int)reader.BytesConsumed) - arguments;
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        Add(phase, title, ThreadOf(phase, process, thread, id), time, length, arguments, size);
    }

    private ulong ThreadOf(string phase, string process, string thread, string id)
    {
        string key = phase is "b" or "e" or "n" ? $"{process}\n\n{id}" : $"{process}\n{thread}";
        if (!_threads.TryGetValue(key, out int number))
        {
            _threads.Add(key, number = _threads.Count);
            if (phase is "b" or "e" or "n")
                _threadNames[(ulong)number + 1] = $"id {id}";
        }

        return (ulong)number + 1;
    }

    private void Add(string phase, string? title, ulong thread, ulong time, ulong length, int arguments, int size)
    {
        int text = title is null ? -1 : NumberOf(title);
        switch (phase)
        {
            case "X":
                Pairs.Add(text < 0 ? text = NumberOf("") : text);
                Events.Add(new ChromeEvent(time, ChromePhase.Begin, length, text, thread, arguments, size));
                ulong end = time > ulong.MaxValue - length ? ulong.MaxValue : time + length;
                Events.Add(new ChromeEvent(end, ChromePhase.End, length, text, thread, arguments, size, IsWhole: true));
                break;
            case "B" or "b":
                // How long it is, is not known yet; those that began first are taken for the longer ones.
                Pairs.Add(text < 0 ? text = NumberOf("") : text);
                Events.Add(new ChromeEvent(time, ChromePhase.Begin, ulong.MaxValue, text, thread, arguments, size));
                break;
            case "E" or "e":
                Events.Add(new ChromeEvent(time, ChromePhase.End, 1, -1, thread, arguments, size));
                break;
            case "M":
                if (title is "thread_name" && size > 0)
                    _threadNames[thread] = ReadName(arguments, size);

                break;
            case "s" or "t" or "f" or "N" or "O" or "D" or "(" or ")":
                break;
            default:
                text = text < 0 ? NumberOf("") : text;
                Events.Add(new ChromeEvent(time, ChromePhase.Moment, 0, text, thread, arguments, size));
                break;
        }
    }

    /// <summary>Gives the ends that have no name that of the innermost open slice of their thread.</summary>
    private void NameEnds()
    {
        for (int i = 0; i < Events.Count; i++)
        {
            ChromeEvent item = Events[i];
            if (!_open.TryGetValue(item.Thread, out Stack<int>? open))
                _open.Add(item.Thread, open = []);

            if (item is { Phase: ChromePhase.Begin, Length: ulong.MaxValue })
                open.Push(item.Name);
            else if (item is { Phase: ChromePhase.End, Name: < 0 })
                Events[i] = item with { Name = open.TryPop(out int begun) ? begun : NumberOf("") };
        }
    }

    private string ReadName(int start, int size)
    {
        var reader = new Utf8JsonReader(json.Span.Slice(start, size));
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            bool isName = reader.ValueTextEquals("name"u8);
            reader.Read();
            if (isName)
                return TextOf(ref reader);

            reader.Skip();
        }

        return "";
    }

    private int NumberOf(string text)
    {
        if (!_names.TryGetValue(text, out int number))
            _names.Add(text, number = _names.Count);

        return number;
    }

    private static string TextOf(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.String)
            return JsonText.Of(ref reader);

        if (reader.TokenType is JsonTokenType.Number)
            return System.Text.Encoding.UTF8.GetString(reader.ValueSpan);

        reader.Skip();
        return "";
    }

    /// <summary>Reads microseconds, with decimals or without; what is no time is 0.</summary>
    private static ulong NanosecondsOf(ref Utf8JsonReader reader)
    {
        const decimal Largest = ulong.MaxValue;
        if (reader.TokenType == JsonTokenType.Number && reader.TryGetDecimal(out decimal microseconds))
        {
            return microseconds <= 0 ? 0
                : microseconds >= Largest / 1000 ? ulong.MaxValue
                : (ulong)(microseconds * 1000);
        }

        reader.Skip();
        return 0;
    }
}
