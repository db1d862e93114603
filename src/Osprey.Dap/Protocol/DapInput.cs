using System.Text.Json;

namespace Osprey.Dap.Protocol;

/// <summary>One thing that a client sent.</summary>
/// <param name="Kind">Its kind.</param>
/// <param name="Seq">The request's number; 0 where there is none.</param>
/// <param name="Command">The request's command; empty where there is none.</param>
/// <param name="Arguments">Its arguments; undefined when it has none.</param>
/// <param name="Problem">For what is malformed, the reason.</param>
internal sealed record DapInput(
    DapInputKind Kind,
    int Seq = 0,
    string Command = "",
    JsonElement Arguments = default,
    string Problem = ""
)
{
    /// <summary>Reads the body of a message.</summary>
    public static DapInput Parse(ReadOnlyMemory<byte> body)
    {
        int seq = 0;
        string command = "";
        try
        {
            using var document = JsonDocument.Parse(body);
            JsonElement message = document.RootElement;
            if (message.ValueKind != JsonValueKind.Object)
                return Malformed("a message is an object of JSON");

            if (message.TryGetProperty("seq", out JsonElement number) && number.ValueKind == JsonValueKind.Number)
                _ = number.TryGetInt32(out seq);

            if (message.TryGetProperty("command", out JsonElement name) && name.ValueKind == JsonValueKind.String)
                command = name.GetString()!;

            if (
                !message.TryGetProperty("type", out JsonElement type)
                || type.ValueKind != JsonValueKind.String
                || !type.ValueEquals("request"u8)
            )
                return Malformed("the message is no request", seq, command);

            if (command.Length == 0)
                return Malformed("the request has no command", seq);

            return message.TryGetProperty("arguments", out JsonElement arguments)
                ? new DapInput(DapInputKind.Request, seq, command, arguments.Clone())
                : new DapInput(DapInputKind.Request, seq, command);
        }
        catch (Exception malformed) when (malformed is JsonException or InvalidOperationException)
        {
            // The other exception is that of text whose escapes are no characters.
            return Malformed("the message is no JSON", seq, command);
        }
    }

    /// <summary>Makes the input that something malformed is.</summary>
    public static DapInput Malformed(string problem, int seq = 0, string command = "") =>
        new(DapInputKind.Malformed, seq, command, default, problem);
}
