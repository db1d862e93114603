using System.Text.Json;
using Osprey.Session.Answers;

namespace Osprey.Tests.Cli.Rendering.Answers;

/// <summary>A row with a value of every kind; null, or empty, where it has none.</summary>
internal sealed record ToyRow
{
    public static Shape<ToyRow> Shape { get; } =
        new Shape<ToyRow>("toys")
            .Text("text", row => row.Text)
            .Utf8("utf8", row => row.Utf8)
            .Integer("integer", row => row.Integer)
            .Unsigned("unsigned", row => row.Unsigned)
            .Address("address", row => row.Unsigned)
            .Size("size", row => row.Unsigned)
            .Time("time", row => row.Unsigned)
            .Duration("duration", row => row.Unsigned)
            .Number("number", row => row.Number)
            .Share("share", row => row.Number)
            .Rate("rate", row => row.Number)
            .In("1/s")
            .Boolean("isBoolean", row => row.Boolean)
            .Bytes("bytes", row => row.Utf8)
            .Value("value", row => row.Boolean is bool value ? new ToyValue(value) : null)
            .Texts("texts", row => row.Texts)
            .Map(
                "map",
                (row, writer) =>
                {
                    foreach (string text in row.Texts)
                        writer.Address(new Column(text, ColumnKind.Address), (ulong)text.Length);
                }
            )
            .Record("record", row => row.Inner, ToyPart.Shape)
            .Records("records", row => row.Inner is null ? null : [row.Inner, row.Inner], () => ToyPart.Shape)
            .Text("onlyData", row => row.Text)
            .OnlyInData()
            .Text("onlyText", row => row.Text)
            .OnlyInText()
            .Headed("FOR PEOPLE")
            .Integer("optional", row => row.Integer)
            .Optional()
            .WithBlank("?");

    public string? Text { get; init; }

    public byte[] Utf8 { get; init; } = [];

    public long? Integer { get; init; }

    public ulong? Unsigned { get; init; }

    public double? Number { get; init; }

    public bool? Boolean { get; init; }

    public string[] Texts { get; init; } = [];

    public ToyPart? Inner { get; init; }

    internal sealed record ToyPart(string Name, long Count)
    {
        public static Shape<ToyPart> Shape { get; } =
            new Shape<ToyPart>("parts").Text("name", part => part.Name).Integer("count", part => part.Count);
    }

    private sealed class ToyValue(bool value) : IStructuredValue
    {
        public void WriteJson(Utf8JsonWriter writer)
        {
            writer.WriteStartArray();
            writer.WriteBooleanValue(value);
            writer.WriteEndArray();
        }

        public string ToText() => $"{{{value}}}";
    }
}
