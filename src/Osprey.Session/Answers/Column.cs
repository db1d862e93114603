using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Osprey.Session.Answers;

/// <summary>The description of a column: all that a front end needs to know besides the values.</summary>
public class Column
{
    private StrongBox<JsonEncodedText>? _jsonName;
    private string? _heading;

    /// <param name="name">Its name in data, in camelCase.</param>
    /// <param name="kind">The meaning of its values.</param>
    public Column(string name, ColumnKind kind)
    {
        Name = name;
        Kind = kind;
    }

    /// <summary>Its name in data: JSON's member, CSV's column.</summary>
    public string Name { get; }

    /// <summary>The name as JSON writes it, encoded once: a listing writes it for every row.</summary>
    public ref readonly JsonEncodedText JsonName => ref (_jsonName ?? EncodeName()).Value;

    /// <summary>The meaning of its values.</summary>
    public ColumnKind Kind { get; }

    /// <summary>Its heading in a table of text; the name in capital letters unless another was given.</summary>
    public string Heading
    {
        get => _heading ??= MakeHeading(Name);
        internal set => _heading = value;
    }

    /// <summary>The unit that text shows behind the heading; null where the values show theirs or have none.</summary>
    public string? Unit { get; internal set; }

    /// <summary>The forms that show it.</summary>
    public ColumnUse Use { get; internal set; } = ColumnUse.Both;

    /// <summary>True when JSON leaves it out, rather than to say null, where there is no value.</summary>
    public bool IsOptional { get; internal set; }

    /// <summary>The text for no value in a table.</summary>
    public string Blank { get; internal set; } = "-";

    /// <summary>The columns of the record in this one; empty for other kinds.</summary>
    public virtual IReadOnlyList<Column> Parts => [];

    /// <summary>True when text aligns it to the right, as numbers are.</summary>
    public bool IsRightAligned =>
        Kind
            is ColumnKind.Integer
                or ColumnKind.Number
                or ColumnKind.Size
                or ColumnKind.Time
                or ColumnKind.Duration
                or ColumnKind.Share
                or ColumnKind.Rate;

    private StrongBox<JsonEncodedText> EncodeName() =>
        _jsonName = new(JsonEncodedText.Encode(Name, JavaScriptEncoder.UnsafeRelaxedJsonEscaping));

    private static string MakeHeading(string name)
    {
        var heading = new StringBuilder(name.Length + 4);
        foreach (char letter in name)
        {
            if (char.IsAsciiLetterUpper(letter))
                heading.Append(' ');

            heading.Append(char.ToUpperInvariant(letter));
        }

        return heading.ToString();
    }
}
