using System.Text;
using System.Text.RegularExpressions;

namespace Osprey.Tests.Values;

/// <summary>What gdb prints of values, held against what we print.</summary>
internal static partial class GdbText
{
    /// <summary>Whether both say the same.</summary>
    /// <param name="ours">What we printed, containers as the structs that they are.</param>
    /// <param name="theirs">
    /// What gdb printed without pretty-printers; "error: " and its message where it could not.
    /// </param>
    public static bool IsSame(string ours, string theirs)
    {
        // gdb does not find statics of functions that were inlined.
        bool isUnknown =
            theirs.StartsWith("error: No symbol", StringComparison.Ordinal)
            && !ours.StartsWith("error", StringComparison.Ordinal);
        if (isUnknown || ours == theirs)
            return true;

        // A null pointer has a name in it where a symbol is at 0, as the first per-CPU variable of a kernel is.
        theirs = Normalize(theirs.Replace("0x0 <fixed_percpu_data>", "0x0", StringComparison.Ordinal));
        return Normalize(ours) == theirs || Normalize(Escape(ours)) == theirs;
    }

    // gdb takes the names of functions with C linkage from debug info: with scope and parameters. It spells the types
    // of numbers, and const in the names of bases, as programmers or as demanglers do; others as debug info has them.
    // Without its statics a class that has nothing else is empty to it. Pointers to member functions have the object
    // among their parameters, which nobody writes.
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

    /// <summary>gdb was run where no character but those of ASCII can be printed.</summary>
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
