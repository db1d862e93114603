using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Osprey.Session.Answers;

namespace Osprey.Cli.Rendering.Answers;

/// <summary>Writes answers as JSON: the only place of the program that does.</summary>
internal sealed class JsonAnswerWriter(Utf8JsonWriter json) : CellWriter
{
    /// <summary>The layout of JSON. Text is not made safe for HTML: it goes to terminals and programs.</summary>
    public static readonly JsonWriterOptions Options = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true,
    };

    public override ColumnUse Use => ColumnUse.Data;

    /// <summary>Begins a new document in the same buffer.</summary>
    public void Restart() => json.Reset();

    /// <summary>Puts all that was written into the buffer.</summary>
    public void Flush() => json.Flush();

    public override void Null(Column? column)
    {
        if (column is null)
            json.WriteNullValue();
        else if (!column.IsOptional)
            json.WriteNull(column.JsonName);
    }

    public override void Text(Column? column, ReadOnlySpan<char> text)
    {
        if (column is null)
            json.WriteStringValue(text);
        else
            json.WriteString(column.JsonName, text);
    }

    public override void Text(Column? column, ReadOnlySpan<byte> text)
    {
        if (!Ascii.IsValid(text) && !System.Text.Unicode.Utf8.IsValid(text))
            Text(column, Encoding.UTF8.GetString(text));
        else if (column is null)
            json.WriteStringValue(text);
        else
            json.WriteString(column.JsonName, text);
    }

    public override void Integer(Column? column, long value)
    {
        if (column is null)
            json.WriteNumberValue(value);
        else
            json.WriteNumber(column.JsonName, value);
    }

    public override void Unsigned(Column? column, ulong value)
    {
        if (column is null)
            json.WriteNumberValue(value);
        else
            json.WriteNumber(column.JsonName, value);
    }

    public override void Address(Column? column, ulong value)
    {
        // Digits need no escaping, and are not searched for what does.
        Span<byte> text = stackalloc byte[20];
        "\"0x"u8.CopyTo(text);
        value.TryFormat(text[3..], out int digits, "x", CultureInfo.InvariantCulture);
        text[digits + 3] = (byte)'"';
        if (column is not null)
            json.WritePropertyName(column.JsonName);

        json.WriteRawValue(text[..(digits + 4)], skipInputValidation: true);
    }

    public override void Number(Column? column, double value)
    {
        if (!double.IsFinite(value))
            Null(column);
        else if (column is null)
            json.WriteNumberValue(value);
        else
            json.WriteNumber(column.JsonName, value);
    }

    public override void Boolean(Column? column, bool value)
    {
        if (column is null)
            json.WriteBooleanValue(value);
        else
            json.WriteBoolean(column.JsonName, value);
    }

    public override void Bytes(Column? column, ReadOnlySpan<byte> value) =>
        Text(column, Convert.ToHexStringLower(value));

    public override void Value(Column? column, IStructuredValue value)
    {
        if (column is not null)
            json.WritePropertyName(column.JsonName);

        value.WriteJson(json);
    }

    public override void BeginRecord(Column? column)
    {
        if (column is null)
            json.WriteStartObject();
        else
            json.WriteStartObject(column.JsonName);
    }

    public override void EndRecord() => json.WriteEndObject();

    public override void BeginList(Column? column)
    {
        if (column is null)
            json.WriteStartArray();
        else
            json.WriteStartArray(column.JsonName);
    }

    public override void EndList() => json.WriteEndArray();
}
