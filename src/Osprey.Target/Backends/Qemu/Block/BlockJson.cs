using System.Text.Json;

namespace Osprey.Target.Backends.Qemu.Block;

/// <summary>Reads QEMU's answers, in which anything may be missing or of another kind.</summary>
internal static class BlockJson
{
    private const int MaxItems = 100_000;

    /// <summary>A member of an object; an undefined element when there is none.</summary>
    public static JsonElement Member(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out JsonElement member)
            ? member
            : default;

    /// <summary>The items of an array; none of anything else.</summary>
    public static IEnumerable<JsonElement> Items(JsonElement element) =>
        element.ValueKind == JsonValueKind.Array ? element.EnumerateArray().Take(MaxItems) : [];

    /// <summary>The text of a member; null when it has none.</summary>
    public static string? Text(JsonElement element, string name) => Text(Member(element, name));

    /// <summary>The text that an element is; null when it is none, or half a character, which JSON can write.</summary>
    public static string? Text(JsonElement element)
    {
        try
        {
            return element.ValueKind == JsonValueKind.String ? element.GetString() : null;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>The number of a member; null when it has none, or one that does not fit.</summary>
    public static long? Number(JsonElement element, string name) =>
        Member(element, name) is { ValueKind: JsonValueKind.Number } member && member.TryGetInt64(out long number)
            ? number
            : null;

    /// <summary>Tells whether a member is true.</summary>
    public static bool IsTrue(JsonElement element, string name) =>
        Member(element, name).ValueKind == JsonValueKind.True;
}
