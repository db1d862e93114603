using System.Text;

namespace Osprey.Tests.Guests.Osv;

/// <summary>A row of a backtrace.</summary>
/// <param name="Address">
/// The frame's address; functions that were inlined have that of the function that they are in.
/// </param>
/// <param name="IsInlined">Whether the function was inlined into that of the next row.</param>
/// <param name="Name">The function's name, with whatever the tool adds to it; empty when unknown.</param>
internal sealed record OsvFrame(ulong Address, bool IsInlined, string Name)
{
    /// <summary>The function's own name: without its scope, template arguments, parameters, and return type.</summary>
    /// <remarks>
    /// Those are not the same in debug info, from which gdb takes names, and in symbol names, from which we take those
    /// of functions that were not inlined: <c>std::ostream</c> is <c>std::basic_ostream</c> there, functions with C
    /// linkage have no scope, lambdas have numbers, and parts of functions that the compiler split are <c>f.part.0</c>.
    /// The stubs of the procedure linkage table have names in gdb only.
    /// </remarks>
    public string ShortName
    {
        get
        {
            if (Name.EndsWith("@plt", StringComparison.Ordinal))
                return "";

            bool isOperator = Name.Contains("operator", StringComparison.Ordinal);
            string name = Name.Replace("(anonymous namespace)", "", StringComparison.Ordinal);
            if (isOperator)
                name = name.Replace("operator()", "operator@", StringComparison.Ordinal)
                    .Replace("operator->", "operator@", StringComparison.Ordinal)
                    .Replace("operator<", "operator@", StringComparison.Ordinal);

            var text = new StringBuilder();
            int depth = 0;
            foreach (char c in name)
            {
                if (c is '<' or '(' or '{' or '[')
                    depth++;
                else if (c is '>' or ')' or '}' or ']')
                    depth--;
                else if (depth == 0)
                    text.Append(c);
            }

            string plain = text.ToString().Trim();
            plain = plain.EndsWith(" const", StringComparison.Ordinal) ? plain[..^6] : plain;
            plain = plain[(plain.LastIndexOf("::", StringComparison.Ordinal) is var colon and >= 0 ? colon + 2 : 0)..];
            if (isOperator && plain.StartsWith("operator", StringComparison.Ordinal))
                return plain;

            plain = plain[(plain.LastIndexOf(' ') + 1)..];
            return plain.IndexOf('.', StringComparison.Ordinal) is var dot and > 0 ? plain[..dot] : plain;
        }
    }
}
