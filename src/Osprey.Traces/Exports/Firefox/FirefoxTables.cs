using System.Globalization;
using System.Text.Json;

namespace Osprey.Traces.Exports.Firefox;

/// <summary>The tables that the threads of a file share: texts, functions, frames and stacks.</summary>
internal sealed class FirefoxTables
{
    /// <summary>The category of functions.</summary>
    public const int CodeCategory = 1;

    /// <summary>The category of tracepoints.</summary>
    public const int TracepointCategory = 2;

    private readonly OrderedDictionary<string, int> _texts = [];
    private readonly OrderedDictionary<string, int> _sources = [];
    private readonly OrderedDictionary<(int Name, int Source), int> _functions = [];
    private readonly OrderedDictionary<(int Function, int Line, int Category), int> _frames = [];
    private readonly OrderedDictionary<(int Prefix, int Frame), int> _stacks = [];

    /// <summary>The index of a text.</summary>
    public int Text(string text) => IndexIn(_texts, text);

    /// <summary>The index of a stack that has one more frame.</summary>
    /// <param name="prefix">The stack of the callers; -1 for none.</param>
    /// <param name="name">The function.</param>
    /// <param name="file">Its file; null where not known.</param>
    /// <param name="line">Its line; 0 where not known.</param>
    /// <param name="category">The frame's category.</param>
    public int Push(int prefix, string name, string? file, int line, int category)
    {
        int source = file is null ? -1 : IndexIn(_sources, file);
        int function = IndexIn(_functions, (Text(name), source));
        return IndexIn(_stacks, (prefix, IndexIn(_frames, (function, line, category))));
    }

    /// <summary>Writes all tables, as the member <c>shared</c>.</summary>
    public void Write(Utf8JsonWriter json)
    {
        int[] sourceNames = [.. _sources.Keys.Select(Text)];
        json.WriteStartObject("shared"u8);
        json.WriteStartObject("stackTable"u8);
        WriteColumn(json, "frame"u8, _stacks.Keys, (target, row) => target.WriteNumberValue(row.Frame));
        WriteColumn(json, "prefix"u8, _stacks.Keys, (target, row) => WriteIndex(target, row.Prefix));
        End(json, _stacks.Count);
        json.WriteStartObject("frameTable"u8);
        WriteColumn(json, "address"u8, _frames.Keys, (target, _) => target.WriteNumberValue(-1));
        WriteColumn(json, "inlineDepth"u8, _frames.Keys, (target, _) => target.WriteNumberValue(0));
        WriteColumn(json, "category"u8, _frames.Keys, (target, row) => target.WriteNumberValue(row.Category));
        WriteColumn(json, "subcategory"u8, _frames.Keys, (target, _) => target.WriteNumberValue(0));
        WriteColumn(json, "func"u8, _frames.Keys, (target, row) => target.WriteNumberValue(row.Function));
        WriteColumn(json, "nativeSymbol"u8, _frames.Keys, (target, _) => target.WriteNullValue());
        WriteColumn(json, "innerWindowID"u8, _frames.Keys, (target, _) => target.WriteNullValue());
        WriteColumn(json, "line"u8, _frames.Keys, (target, row) => WriteIndex(target, row.Line > 0 ? row.Line : -1));
        WriteColumn(json, "column"u8, _frames.Keys, (target, _) => target.WriteNullValue());
        End(json, _frames.Count);
        json.WriteStartObject("funcTable"u8);
        WriteColumn(json, "name"u8, _functions.Keys, (target, row) => target.WriteNumberValue(row.Name));
        WriteColumn(json, "isJS"u8, _functions.Keys, (target, _) => target.WriteBooleanValue(false));
        WriteColumn(json, "relevantForJS"u8, _functions.Keys, (target, _) => target.WriteBooleanValue(false));
        WriteColumn(json, "resource"u8, _functions.Keys, (target, _) => target.WriteNumberValue(-1));
        WriteColumn(json, "source"u8, _functions.Keys, (target, row) => WriteIndex(target, row.Source));
        WriteColumn(json, "lineNumber"u8, _functions.Keys, (target, _) => target.WriteNullValue());
        WriteColumn(json, "columnNumber"u8, _functions.Keys, (target, _) => target.WriteNullValue());
        End(json, _functions.Count);
        json.WriteStartObject("resourceTable"u8);
        WriteEmpty(json, "lib", "name", "host", "type");
        json.WriteStartObject("nativeSymbols"u8);
        WriteEmpty(json, "libIndex", "address", "name", "functionSize");
        json.WriteStartObject("sources"u8);
        WriteColumn(json, "uuid"u8, sourceNames, (target, _) => target.WriteNullValue());
        WriteColumn(json, "filename"u8, sourceNames, (target, name) => target.WriteNumberValue(name));
        End(json, sourceNames.Length);
        WriteColumn(json, "stringArray"u8, _texts.Keys, (target, text) => target.WriteStringValue(text));
        json.WriteEndObject();
    }

    /// <summary>Writes a column of a table.</summary>
    public static void WriteColumn<TRow>(
        Utf8JsonWriter json,
        ReadOnlySpan<byte> name,
        IEnumerable<TRow> rows,
        Action<Utf8JsonWriter, TRow> write
    )
    {
        json.WriteStartArray(name);
        foreach (TRow row in rows)
            write(json, row);

        json.WriteEndArray();
        json.Flush();
    }

    /// <summary>Writes a time, in milliseconds with all its nanoseconds.</summary>
    public static void WriteTime(Utf8JsonWriter json, ulong nanoseconds)
    {
        const ulong NanosecondsPerMillisecond = 1_000_000;
        Span<byte> text = stackalloc byte[32];
        (ulong whole, ulong rest) = (nanoseconds / NanosecondsPerMillisecond, nanoseconds % NanosecondsPerMillisecond);
        System.Text.Unicode.Utf8.TryWrite(text, CultureInfo.InvariantCulture, $"{whole}.{rest:d6}", out int size);
        json.WriteRawValue(text[..size], skipInputValidation: true);
    }

    private static int IndexIn<TKey>(OrderedDictionary<TKey, int> table, TKey key)
        where TKey : notnull
    {
        if (!table.TryGetValue(key, out int index))
            table.Add(key, index = table.Count);

        return index;
    }

    private static void WriteIndex(Utf8JsonWriter json, int index)
    {
        if (index < 0)
            json.WriteNullValue();
        else
            json.WriteNumberValue(index);
    }

    private static void WriteEmpty(Utf8JsonWriter json, params ReadOnlySpan<string> columns)
    {
        foreach (string column in columns)
        {
            json.WriteStartArray(column);
            json.WriteEndArray();
        }

        End(json, 0);
    }

    private static void End(Utf8JsonWriter json, int length)
    {
        json.WriteNumber("length"u8, length);
        json.WriteEndObject();
    }
}
