using System.Text;
using Osprey.Binary.Demangling;

namespace Osprey.Symbols.Sources;

/// <summary>
/// A symbol's name as a user writes it: as stored, as shown, or as shown without the parameters. Whether a stored name
/// can be it is seen from its bytes, so that few of many have to be demangled.
/// </summary>
internal sealed class SymbolNamePattern
{
    private readonly string _name;
    private readonly byte[] _stored;
    private readonly byte[] _identifier;

    public SymbolNamePattern(string name)
    {
        _name = name;
        _stored = Encoding.UTF8.GetBytes(name);

        // The last identifier of the name stands in the stored one as it is, whatever is around it. Operators have
        // none.
        int end = name.Contains("operator", StringComparison.Ordinal) ? 0 : FindEnd(name);
        int start = end;
        while (start > 0 && (char.IsAsciiLetterOrDigit(name[start - 1]) || name[start - 1] == '_'))
            start--;

        _identifier = Encoding.UTF8.GetBytes(name[start..end]);
    }

    /// <summary>Whether a symbol has the name.</summary>
    /// <param name="stored">Its name as stored.</param>
    /// <param name="shown">What the user knows it as.</param>
    public bool Matches(ReadOnlySpan<byte> stored, out string shown)
    {
        shown = _name;
        if (stored.SequenceEqual(_stored))
            return true;

        if (!stored.StartsWith("_Z"u8) || stored.IndexOf(_identifier) < 0)
            return false;

        shown = ItaniumDemangler.Demangle(Encoding.UTF8.GetString(stored));
        if (!shown.StartsWith(_name, StringComparison.Ordinal))
            return false;

        // Parameters, and "[clone .cold]" behind them, are what may be left out.
        return shown.Length == _name.Length
            || (shown[_name.Length] is '(' && !shown.Contains("[clone", StringComparison.Ordinal));
    }

    /// <summary>Where the parameters begin, or template arguments at the very end.</summary>
    private static int FindEnd(string name)
    {
        int end = name.IndexOf('(', StringComparison.Ordinal);
        end = end > 0 ? end : name.Length;
        int open = name.IndexOf('<', StringComparison.Ordinal);
        return open > 0 && open < end ? open : end;
    }
}
