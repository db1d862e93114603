using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Osprey.Tests.Dap;

/// <summary>What a client and an adapter said to each other, as a text.</summary>
internal sealed class DapTranscript(Func<string, string>? clean = null)
{
    private static readonly JsonSerializerOptions s_options = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private readonly StringBuilder _text = new();

    /// <summary>Notes a message.</summary>
    public void Add(bool isSent, JsonObject message)
    {
        string name = (string?)message["command"] ?? (string?)message["event"] ?? "";
        string kind =
            isSent ? ">"
            : (string?)message["type"] == "event" ? "< event"
            : (bool?)message["success"] == true ? "<"
            : $"< failed: {message["message"]}:";
        _text.Append(kind).Append(' ').Append(name).Append('\n');
        if (
            (
                isSent ? message["arguments"]
                : (bool?)message["success"] == false ? null
                : message["body"]
            ) is
            { } content
        )
            Write(content, "    ");
    }

    /// <inheritdoc/>
    public override string ToString() => clean is null ? _text.ToString() : clean(_text.ToString());

    /// <summary>A line for each part, and for each of the objects in a list.</summary>
    private void Write(JsonNode content, string indent)
    {
        if (content is not JsonObject parts)
        {
            _text.Append(indent).Append(content.ToJsonString(s_options)).Append('\n');
            return;
        }

        foreach ((string name, JsonNode? value) in parts)
        {
            if (value is JsonArray { Count: > 0 } list && list[0] is JsonObject)
            {
                _text.Append(indent).Append(name).Append(":\n");
                foreach (JsonNode? item in list)
                    _text.Append(indent).Append("  ").Append(item?.ToJsonString(s_options)).Append('\n');
            }
            else
            {
                _text.Append(indent).Append(name).Append(": ").Append(value?.ToJsonString(s_options)).Append('\n');
            }
        }
    }
}
