using System.Globalization;
using System.Text;
using Osprey.Binary;

namespace Osprey.Symbols.Sources;

/// <summary>
/// The <c>.symbols</c> file that OSv's tools write beside a trace: one line for each address, with file, line and name.
/// </summary>
/// <remarks>
/// A line is <c>0xADDRESS FILE LINE NAME</c>, with <c>&lt;?&gt;</c> for an unknown line number. Nothing is escaped:
/// file names may contain spaces, and where gdb knew no line, its whole answer can stand in the place of the file.
/// Lines that don't fit this format are counted and skipped. Thread-safe.
/// </remarks>
public sealed class SymbolsFileSource : ISymbolSource
{
    private const string NoLine = "<?>";
    private const string NoFile = "None";
    private const string NoSymbol = "No symbol matches ";

    private readonly Dictionary<ulong, SymbolFrame> _frames = [];

    private SymbolsFileSource(string path) => Path = path;

    /// <summary>The file's path.</summary>
    public string Path { get; }

    /// <summary>Number of addresses that have a name.</summary>
    public int Count => _frames.Count;

    /// <summary>Number of lines that say that an address is unknown.</summary>
    internal int UnresolvedCount { get; private set; }

    /// <summary>Number of lines that do not fit the format.</summary>
    public int BadLineCount { get; private set; }

    /// <summary>A message about the first line that does not fit the format; null when there is none.</summary>
    public string? Problem { get; private set; }

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="strict">
    /// True to read lines as OSv's own tools do: split at whitespace into at most four parts, with no attempt to repair
    /// a part, and with names that say "no symbol" taken as names.
    /// </param>
    /// <param name="limits">Limits on what the file may hold; null for the default ones.</param>
    /// <exception cref="IOException">The file can't be read.</exception>
    /// <exception cref="BadDataException">
    /// A line does not fit the format; thrown only with <paramref name="strict"/>.
    /// </exception>
    public static SymbolsFileSource Open(string path, bool strict = false, ParseLimits? limits = null)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read);
        return Read(stream, path, strict, limits);
    }

    /// <summary>Reads the text of a file.</summary>
    /// <inheritdoc cref="Open"/>
    public static SymbolsFileSource Read(Stream stream, string path, bool strict = false, ParseLimits? limits = null)
    {
        var source = new SymbolsFileSource(path);
        int longest = (limits ?? ParseLimits.Default).MaxNameLength;
        using var reader = new StreamReader(stream, new UTF8Encoding(false), detectEncodingFromByteOrderMarks: false);
        for (int number = 1; reader.ReadLine() is { } line; number++)
        {
            if (line.AsSpan().Trim().IsEmpty)
                continue;

            bool isGood = line.Length <= longest && (strict ? source.TryAddStrictly(line) : source.TryAdd(line));
            if (isGood)
                continue;

            string problem = $"line {number}: expected \"0xADDRESS FILE LINE NAME\"";
            if (strict)
                throw new BadDataException(path, number, problem);

            source.BadLineCount++;
            source.Problem ??= problem;
        }

        return source;
    }

    /// <inheritdoc/>
    public bool TryResolve(ulong address, List<SymbolFrame> frames)
    {
        if (!_frames.TryGetValue(address, out SymbolFrame frame))
            return false;

        frames.Add(frame);
        return true;
    }

    private static bool TryParseAddress(ReadOnlySpan<char> text, out ulong address)
    {
        if (text.StartsWith("0x", StringComparison.OrdinalIgnoreCase))
            text = text[2..];

        return ulong.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out address);
    }

    private static bool TryParseLine(ReadOnlySpan<char> text, out int? line)
    {
        bool isNumber = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number);
        line = isNumber && number > 0 ? number : null;
        return isNumber || text.SequenceEqual(NoLine);
    }

    /// <summary>Takes the next word, and the whitespace behind it, off the front.</summary>
    private static ReadOnlySpan<char> TakeWord(scoped ref ReadOnlySpan<char> text)
    {
        text = text.TrimStart();
        int length = 0;
        while (length < text.Length && !char.IsWhiteSpace(text[length]))
            length++;

        ReadOnlySpan<char> word = text[..length];
        text = text[length..].TrimStart();
        return word;
    }

    private bool TryAddStrictly(ReadOnlySpan<char> text)
    {
        ReadOnlySpan<char> addressText = TakeWord(ref text);
        ReadOnlySpan<char> file = TakeWord(ref text);
        ReadOnlySpan<char> lineText = TakeWord(ref text);
        if (text.IsEmpty || !TryParseAddress(addressText, out ulong address) || !TryParseLine(lineText, out int? line))
            return false;

        _frames[address] = new SymbolFrame(address, text.ToString(), file.ToString(), line);
        return true;
    }

    private bool TryAdd(ReadOnlySpan<char> text)
    {
        if (!TryParseAddress(TakeWord(ref text), out ulong address))
            return false;

        if (!TrySplitFile(text, out ReadOnlySpan<char> file, out int? line, out ReadOnlySpan<char> name))
            return false;

        if (name.StartsWith(NoSymbol))
        {
            UnresolvedCount++;
            return true;
        }

        string? fileName = file.IsEmpty || file.SequenceEqual(NoFile) ? null : file.ToString();
        _frames[address] = new SymbolFrame(address, name.ToString(), fileName, line);
        return true;
    }

    /// <summary>
    /// Splits file, line and name at the line number: the second word, if it is one; else a <c>&lt;?&gt;</c> anywhere;
    /// else the first later word that is a number.
    /// </summary>
    private static bool TrySplitFile(
        ReadOnlySpan<char> text,
        out ReadOnlySpan<char> file,
        out int? line,
        out ReadOnlySpan<char> name
    )
    {
        text = text.TrimEnd();
        ReadOnlySpan<char> rest = text;
        file = TakeWord(ref rest);
        ReadOnlySpan<char> afterFile = rest;
        if (TryParseLine(TakeWord(ref rest), out line) && !rest.IsEmpty)
        {
            name = rest;
            return true;
        }

        // A debugger's answer, or a name with spaces, stands in the place of the file. Answers have no line number.
        int unknown = text.IndexOf($" {NoLine} ");
        if (unknown > 0)
        {
            file = text[..unknown].TrimEnd();
            line = null;
            name = text[(unknown + NoLine.Length + 2)..].TrimStart();
            return !name.IsEmpty;
        }

        rest = afterFile;
        while (!rest.IsEmpty)
        {
            int end = text.Length - rest.Length;
            if (TryParseLine(TakeWord(ref rest), out line) && !rest.IsEmpty)
            {
                file = text[..end].TrimEnd();
                name = rest;
                return true;
            }
        }

        name = default;
        return false;
    }
}
