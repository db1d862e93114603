using System.Text;
using System.Text.RegularExpressions;

namespace Osprey.Tests.Values;

/// <summary>What gdb printed of an expression.</summary>
internal static partial class PrintedByGdb
{
    /// <summary>Whether ours says the same.</summary>
    /// <param name="theirs">What gdb printed; "error: " and its message where it could not.</param>
    /// <param name="ours">What we print, raw.</param>
    public static bool IsSame(string theirs, string ours)
    {
        // gdb does not find statics of functions that were inlined, and takes main's name from debug info. A null pointer has a name
        // in it where a symbol is at 0, as the first per-CPU variable of a kernel is.
        theirs = theirs.Replace("<main()", "<main", StringComparison.Ordinal).Replace("0x0 <fixed_percpu_data>", "0x0", StringComparison.Ordinal);
        bool isUnknown = theirs.StartsWith("error: No symbol", StringComparison.Ordinal) && !ours.StartsWith("error", StringComparison.Ordinal);
        return isUnknown || ours == theirs || Escape(OrderWords(ours)) == theirs;
    }

    /// <summary>Of C, gdb spells the numbers' types as programmers do, not as debug info has them.</summary>
    private static string OrderWords(string text) =>
        SignedWords().Replace(UnsignedWords().Replace(text, "unsigned $1"), "$1");

    /// <summary>gdb was run where no character but those of ASCII can be printed.</summary>
    private static string Escape(string text) => BeyondAscii().Replace(
        text, found => string.Concat(Encoding.UTF8.GetBytes(found.Value).Select(item => "\\" + Convert.ToString(item, 8))));

    [GeneratedRegex(@"[^\x00-\x7f]+")]
    private static partial Regex BeyondAscii();

    [GeneratedRegex(@"\b(long long|long|short) unsigned int\b")]
    private static partial Regex UnsignedWords();

    [GeneratedRegex(@"\b(long long|long|short) int\b")]
    private static partial Regex SignedWords();
}
