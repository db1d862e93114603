using System.Text;
using System.Text.RegularExpressions;

namespace Osprey.Tests.Values;

/// <summary>Compares gdb's text of values with ours.</summary>
internal static partial class GdbText
{
    /// <summary>Returns true when both texts mean the same.</summary>
    /// <param name="ours">Our text, with containers as the structs that they are.</param>
    /// <param name="theirs">
    /// The text of gdb without pretty-printers; "error: " and its message when it failed.
    /// </param>
    public static bool IsSame(string ours, string theirs)
    {
        // gdb does not find statics of functions that were inlined.
        bool isUnknown =
            theirs.StartsWith("error: No symbol", StringComparison.Ordinal)
            && !ours.StartsWith("error", StringComparison.Ordinal);
        if (isUnknown || ours == theirs)
            return true;

        // A null pointer has a name when a symbol is at address 0, like the first per-CPU variable of a kernel.
        theirs = Normalize(theirs.Replace("0x0 <fixed_percpu_data>", "0x0", StringComparison.Ordinal));
        return Normalize(ours) == theirs || Normalize(Escape(ours)) == theirs;
    }

    // Known differences. gdb takes the names of functions with C linkage from debug info, with scope and parameters. It
    // spells the types of numbers, and const in the names of base classes, sometimes as programmers do and sometimes as
    // demanglers do; other names as debug info has them. A class with static members only is empty for gdb when it does
    // not show those. Pointers to member functions list the object among their parameters.
    private static string Normalize(string text) =>
        SignedWords()
            .Replace(
                UnsignedWords()
                    .Replace(
                        MemberFunction().Replace(PlainFunction().Replace(text, "<$1$2>"), "::*)()"),
                        "unsigned $1"
                    ),
                "$1"
            )
            .Replace(" const", "", StringComparison.Ordinal)
            .Replace("const ", "", StringComparison.Ordinal)
            .Replace("{}", "{<No data fields>}", StringComparison.Ordinal)
            .Replace(", }", ", <No data fields>}", StringComparison.Ordinal);

    /// <summary>Writes other characters than ASCII as escapes, as gdb did where it ran.</summary>
    private static string Escape(string text) =>
        BeyondAscii()
            .Replace(
                text,
                found =>
                    string.Concat(Encoding.UTF8.GetBytes(found.Value).Select(item => "\\" + Convert.ToString(item, 8)))
            );

    [GeneratedRegex(@"<(?:\w+::)*(\w+)(?:\([^()<>]*\))?(\+\d+)?>")]
    private static partial Regex PlainFunction();

    [GeneratedRegex(@"::\*\)\([^()]*\)")]
    private static partial Regex MemberFunction();

    [GeneratedRegex(@"\b(long long|long|short) unsigned int\b")]
    private static partial Regex UnsignedWords();

    [GeneratedRegex(@"\b(long long|long|short) int\b")]
    private static partial Regex SignedWords();

    [GeneratedRegex(@"[^\x00-\x7f]+")]
    private static partial Regex BeyondAscii();
}
