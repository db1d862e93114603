using System.Globalization;
using Osprey.Symbols.Types.Compounds;

namespace Osprey.Symbols.Types.Entries;

/// <summary>Finds the values of enumerators that are arguments of templates.</summary>
/// <param name="types">Finds the enumerators.</param>
/// <param name="scope">The namespaces and classes around the template, in which names are looked for first.</param>
internal sealed class EnumeratorValues(TypeFinder types, List<string> scope)
{
    private readonly Dictionary<string, string?> _known = [];

    /// <summary>
    /// Returns an enumerator's value as compilers write it, <c>(type)number</c>; null when the name is that of none.
    /// </summary>
    public string? Get(string name)
    {
        if (!IsName(name))
            return null;

        if (!_known.TryGetValue(name, out string? value))
            _known[name] = value = Find(name);

        return value;
    }

    private string? Find(string name)
    {
        for (int count = scope.Count; count >= 0; count--)
        {
            string qualified = string.Join("::", [.. scope.GetRange(0, count), name]);
            if (types.FindEnumerator(qualified) is (EnumType { Name: { } type }, Enumerator found))
                return $"({type}){found.Value.ToString(CultureInfo.InvariantCulture)}";
        }

        return null;
    }

    private static bool IsName(string name)
    {
        foreach (char c in name)
        {
            if (!(char.IsAsciiLetterOrDigit(c) || c is '_' or ':' || c > 0x7f))
                return false;
        }

        return name.Length > 0 && !char.IsAsciiDigit(name[0]);
    }
}
