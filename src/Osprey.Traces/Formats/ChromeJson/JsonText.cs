using System.Text;
using System.Text.Json;

namespace Osprey.Traces.Formats.ChromeJson;

/// <summary>Reads texts of JSON, whatever they hold.</summary>
internal static class JsonText
{
    /// <summary>
    /// The text at the reader. Bytes that are not UTF-8 become U+FFFD; halves of characters stay as escapes.
    /// </summary>
    public static string Of(ref Utf8JsonReader reader)
    {
        if (!reader.ValueIsEscaped)
            return Encoding.UTF8.GetString(reader.ValueSpan);

        try
        {
            return reader.GetString()!;
        }
        catch (InvalidOperationException) // half a surrogate pair, or bytes that are not UTF-8
        {
            return Encoding.UTF8.GetString(reader.ValueSpan);
        }
    }
}
