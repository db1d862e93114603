using System.Text;
using Osprey.Binary.Demangling;

namespace Osprey.Symbols.Sources;

/// <summary>
/// A symbol's name as a user writes it: as stored, as shown, or as shown without the parameters. It rules out most
/// stored names by their bytes, so that few of many have to be demangled.
/// </summary>
internal sealed class SymbolNamePattern
{
    private readonly string _name;
    private readonly byte[] _stored;
    private readonly byte[] _identifier;

    /// <summary>Prepares to look for a name.</summary>
    public SymbolNamePattern(string name)
    {
        _name = name;
        _stored = Encoding.UTF8.GetBytes(name);

        // The last identifier of the name is in the stored name as it is, whatever else surrounds it. Operators have no
        // identifier.
        int end = name.Contains("operator", StringComparison.Ordinal) ? 0 : FindEnd(name);
        int start = end;
        while (start > 0 && (char.IsAsciiLetterOrDigit(name[start - 1]) || name[start - 1] == '_'))
            start--;

        _identifier = Encoding.UTF8.GetBytes(name[start..end]);
    }

    /// <summary>What each stored name that matches contains; empty when nothing is known.</summary>
    public ReadOnlySpan<byte> Identifier => _identifier;

    /// <summary>True when a symbol has the name.</summary>
    /// <param name="stored">The symbol's name as stored.</param>
    /// <param name="shown">The symbol's name as users see it.</param>
    public bool Matches(ReadOnlySpan<byte> stored, out string shown)
    {
        shown = _name;
        if (stored.SequenceEqual(_stored))
            return true;

        if (!stored.StartsWith("_Z"u8) || stored.IndexOf(_identifier) < 0)
            return false;

        shown = SymbolDemangler.Demangle(Encoding.UTF8.GetString(stored));
        if (!shown.StartsWith(_name, StringComparison.Ordinal))
            return false;

        // Users may leave out the parameters and a "[clone .cold]" behind them.
        return shown.Length == _name.Length
            || (shown[_name.Length] is '(' && !shown.Contains("[clone", StringComparison.Ordinal));
    }

    /// <summary>Returns the position of the parameters, or of template arguments at the very end.</summary>
    private static int FindEnd(string name)
    {
        int end = name.IndexOf('(', StringComparison.Ordinal);
        end = end > 0 ? end : name.Length;
        int open = name.IndexOf('<', StringComparison.Ordinal);
        return open > 0 && open < end ? open : end;
    }
}
