using System.Globalization;
using System.IO.Enumeration;

namespace Osprey.Traces.Analyses;

/// <summary>A name, a glob (<c>*</c> and <c>?</c>), a prefix, or for threads an address.</summary>
public sealed class NamePattern
{
    private readonly string _text;
    private readonly bool _isPrefix;
    private readonly bool _isGlob;

    /// <param name="text">What the user wrote.</param>
    /// <param name="isPrefix">Whether a text without wildcards stands for all names that begin with it.</param>
    public NamePattern(string text, bool isPrefix = false)
    {
        _text = text;
        _isGlob = text.AsSpan().ContainsAny('*', '?');
        _isPrefix = isPrefix && !_isGlob;
        if (
            text.StartsWith("0x", StringComparison.OrdinalIgnoreCase)
            && ulong.TryParse(
                text.AsSpan(2),
                NumberStyles.AllowHexSpecifier,
                CultureInfo.InvariantCulture,
                out ulong address
            )
        )
        {
            Address = address;
        }
    }

    /// <summary>The address that the text gives; null when it is not one.</summary>
    public ulong? Address { get; }

    /// <summary>Tells whether a name is meant by this pattern. Case counts.</summary>
    public bool Matches(string name) =>
        _isGlob ? FileSystemName.MatchesSimpleExpression(_text, name, ignoreCase: false)
        : _isPrefix ? name.StartsWith(_text, StringComparison.Ordinal)
        : name == _text;

    /// <inheritdoc/>
    public override string ToString() => _text;
}
