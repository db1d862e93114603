namespace Osprey.Tests.Docs.Library;

/// <summary>A program that docs/library.md shows.</summary>
/// <param name="Source">Its code.</param>
/// <param name="Arguments">The arguments that it is run with.</param>
/// <param name="Output">Its output as the document shows it.</param>
internal sealed record LibraryProgram(string Source, string[] Arguments, string Output)
{
    private const string CodeFence = "```csharp\n";
    private const string OutputFence = "```text\n$ dotnet run -- ";
    private const string End = "```\n";

    /// <summary>Reads the programs of a document, each with the output behind it.</summary>
    public static IReadOnlyList<LibraryProgram> ReadAll(string document) =>
        [
            .. document
                .Split(CodeFence)
                .Skip(1)
                .Select(part =>
                {
                    string shown = Between(part, OutputFence, End);
                    int lineEnd = shown.IndexOf('\n');
                    return new LibraryProgram(
                        Between(part, "", End),
                        shown[..lineEnd].Split(' '),
                        shown[(lineEnd + 1)..]
                    );
                }),
        ];

    /// <summary>Gives the document with another output behind this program.</summary>
    public string Replace(string document, string output)
    {
        string head = OutputFence + string.Join(' ', Arguments) + "\n";
        return document.Replace(head + Output + End, head + output + End, StringComparison.Ordinal);
    }

    private static string Between(string text, string begin, string end)
    {
        int start = text.IndexOf(begin, StringComparison.Ordinal) + begin.Length;
        return text[start..text.IndexOf(end, start, StringComparison.Ordinal)];
    }
}
