using System.Text.Json;

namespace Osprey.Rest.Connection;

/// <summary>Walks one JSON reply front to back and says where it is not what was expected.</summary>
/// <remarks>The one exception that comes out is <see cref="GuestRestException"/>, whatever the bytes are.</remarks>
internal ref struct ReplyReader(ReadOnlySpan<byte> json, string request)
{
    /// <summary>OSv's replies nest three deep; members that we don't know may nest deeper.</summary>
    private const int MaxDepth = 16;

    private readonly ReadOnlySpan<byte> _bytes = json;
    private Utf8JsonReader _json = new(json, new JsonReaderOptions { MaxDepth = MaxDepth });

    /// <summary>Steps to the next token, which must be there.</summary>
    public void Next()
    {
        try
        {
            if (_json.Read())
                return;
        }
        catch (JsonException)
        {
            throw Bad(WhyNoToken());
        }

        throw Bad("it ends too early");
    }

    /// <summary>Enters an object: the token that is current must open one.</summary>
    public void EnterObject(string what) => Expect(JsonTokenType.StartObject, what);

    /// <summary>Enters an array: the token that is current must open one.</summary>
    public void EnterArray(string what) => Expect(JsonTokenType.StartArray, what);

    /// <summary>Steps to an array's next element.</summary>
    /// <returns>False at the array's end.</returns>
    public bool NextElement()
    {
        Next();
        return _json.TokenType != JsonTokenType.EndArray;
    }

    /// <summary>Steps to an object's next member: its name is returned, its value is current.</summary>
    /// <returns>Null at the object's end.</returns>
    public string? NextMember()
    {
        Next();
        if (_json.TokenType == JsonTokenType.EndObject)
            return null;

        string name = Text();
        Next();
        return name;
    }

    /// <summary>The current token as a string.</summary>
    public string String(string what)
    {
        Expect(JsonTokenType.String, what);
        return Text();
    }

    /// <summary>The current token as a boolean.</summary>
    public readonly bool Boolean(string what) =>
        _json.TokenType switch
        {
            JsonTokenType.True => true,
            JsonTokenType.False => false,
            _ => throw Unexpected(what),
        };

    /// <summary>The current token as a whole number of 64 bits.</summary>
    public readonly long Int64(string what)
    {
        Expect(JsonTokenType.Number, what);
        return _json.TryGetInt64(out long value) ? value : throw Unexpected(what);
    }

    /// <summary>Steps over the current value, which may be an object or an array.</summary>
    public void Skip()
    {
        try
        {
            _json.Skip();
        }
        catch (JsonException)
        {
            throw Bad(WhyNoToken());
        }
    }

    /// <summary>Checks that nothing but white space follows.</summary>
    public void End()
    {
        bool more;
        try
        {
            more = _json.Read();
        }
        catch (JsonException)
        {
            more = true;
        }

        if (more)
            throw Bad("something follows its end");
    }

    /// <summary>The error for a member that must be there and is not.</summary>
    public readonly GuestRestException Missing(string what) => Bad($"{what} is missing");

    /// <summary>
    /// Tells a reply that was cut off from one that is malformed, by walking it again as if more could follow.
    /// </summary>
    private readonly string WhyNoToken()
    {
        Utf8JsonReader probe = new(
            _bytes,
            isFinalBlock: false,
            new JsonReaderState(new JsonReaderOptions { MaxDepth = MaxDepth })
        );
        try
        {
            while (probe.Read())
            {
                // Only how it ends is of interest.
            }

            return "it ends too early";
        }
        catch (JsonException)
        {
            return "it is not JSON";
        }
    }

    private readonly void Expect(JsonTokenType type, string what)
    {
        if (_json.TokenType != type)
            throw Unexpected(what);
    }

    private readonly string Text()
    {
        try
        {
            return _json.GetString() ?? "";
        }
        catch (InvalidOperationException)
        {
            // The reader checks no UTF-8 and no surrogates until a string is taken out, and calls that misuse.
            throw Bad("it has text that is not Unicode");
        }
    }

    private readonly GuestRestException Unexpected(string what) => Bad($"expected {what}, found {Found()}");

    private readonly string Found() =>
        _json.TokenType switch
        {
            JsonTokenType.StartObject => "an object",
            JsonTokenType.StartArray => "a list",
            JsonTokenType.String => "a string",
            JsonTokenType.Number => $"the number {GuestText.Printable(_json.ValueSpan)}",
            JsonTokenType.True or JsonTokenType.False => "a boolean",
            JsonTokenType.Null => "null",
            _ => "an end",
        };

    private readonly GuestRestException Bad(string why) =>
        new(
            GuestRestProblem.BadReply,
            $"the reply to {request} is malformed at byte {_json.BytesConsumed} of {_bytes.Length}: {why}",
            "Is it an OSv guest that answers there? Fetch the same URL with curl to see the reply."
        );
}
