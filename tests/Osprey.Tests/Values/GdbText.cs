using System.Text.RegularExpressions;

namespace Osprey.Tests.Values;

/// <summary>What gdb prints of values, held against what we print.</summary>
internal static partial class GdbText
{
    /// <summary>Whether both say the same.</summary>
    /// <param name="ours">What we printed, containers as the structs that they are.</param>
    /// <param name="theirs">What gdb printed without pretty-printers.</param>
    public static bool IsSame(string ours, string theirs)
    {
        // gdb does not find statics of functions that were inlined.
        bool isUnknown = theirs.StartsWith("error: No symbol", StringComparison.Ordinal) && !ours.StartsWith("error", StringComparison.Ordinal);
        return ours == theirs || Normalize(ours) == Normalize(theirs) || isUnknown;
    }

    // gdb takes the names of functions with C linkage from debug info: with scope and parameters. In names of bases it spells integers and
    // const in the demangler's way, others as debug info has them. Without its statics a class that has nothing else is empty to it.
    // Pointers to member functions have the object among their parameters, which nobody writes.
    private static string Normalize(string text) => MemberFunction().Replace(PlainFunction().Replace(text, "<$1$2>"), "::*)()")
        .Replace("long unsigned int", "unsigned long", StringComparison.Ordinal).Replace("long int", "long", StringComparison.Ordinal)
        .Replace(" const", "", StringComparison.Ordinal).Replace("const ", "", StringComparison.Ordinal)
        .Replace("{}", "{<No data fields>}", StringComparison.Ordinal).Replace(", }", ", <No data fields>}", StringComparison.Ordinal);

    [GeneratedRegex(@"<(?:\w+::)*(\w+)(?:\([^()<>]*\))?(\+\d+)?>")]
    private static partial Regex PlainFunction();

    [GeneratedRegex(@"::\*\)\([^()]*\)")]
    private static partial Regex MemberFunction();
}
