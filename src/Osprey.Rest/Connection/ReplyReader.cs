using System.Text.Json;

namespace Osprey.Rest.Connection;

/// <summary>Reads one JSON reply from start to end, and says where it is not as expected.</summary>
/// <remarks>Throws only <see cref="GuestRestException"/>, whatever the bytes are.</remarks>
internal ref struct ReplyReader(ReadOnlySpan<byte> json, string request)
{
    /// <summary>The deepest nesting. OSv's replies nest three deep; unknown members may nest deeper.</summary>
    private const int MaxDepth = 16;

    private readonly ReadOnlySpan<byte> _bytes = json;
    private Utf8JsonReader _json = new(json, new JsonReaderOptions { MaxDepth = MaxDepth });

    /// <summary>Moves to the next token, which must exist.</summary>
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

    /// <summary>Enters an object, which must begin at the current token.</summary>
    public void EnterObject(string what) => Expect(JsonTokenType.StartObject, what);

    /// <summary>Enters an array, which must begin at the current token.</summary>
    public void EnterArray(string what) => Expect(JsonTokenType.StartArray, what);

    /// <summary>Moves to the next element of an array.</summary>
    /// <returns>False at the array's end.</returns>
    public bool NextElement()
    {
        Next();
        return _json.TokenType != JsonTokenType.EndArray;
    }

    /// <summary>Moves to the value of an object's next member, and returns the member's name.</summary>
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

    /// <summary>Reads the current token as a string.</summary>
    public string String(string what)
    {
        Expect(JsonTokenType.String, what);
        return Text();
    }

    /// <summary>Reads the current token as a boolean.</summary>
    public readonly bool Boolean(string what) =>
        _json.TokenType switch
        {
            JsonTokenType.True => true,
            JsonTokenType.False => false,
            _ => throw Unexpected(what),
        };

    /// <summary>Reads the current token as a whole number of 64 bits.</summary>
    public readonly long Int64(string what)
    {
        Expect(JsonTokenType.Number, what);
        return _json.TryGetInt64(out long value) ? value : throw Unexpected(what);
    }

    /// <summary>Skips the current value, which may be an object or an array.</summary>
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

    /// <summary>Makes the exception for a required member that is missing.</summary>
    public readonly GuestRestException Missing(string what) => Bad($"{what} is missing");

    /// <summary>
    /// Says why there is no next token. Reads the reply again as if more bytes could follow: that works for a reply
    /// that was cut off, and fails for one that is not JSON.
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
                // Only the way it ends matters.
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
            // The reader checks UTF-8 and surrogates only here, and throws an exception that is meant for misuse.
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
            JsonTokenType.Number => $"the number {ReplyText.Printable(_json.ValueSpan)}",
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
