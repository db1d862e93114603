using System.Globalization;
using System.Text;

namespace Osprey.Symbols.Sources;

/// <summary>
/// Writes a <c>.symbols</c> file: one line for each address, as OSv's tools write it and
/// <see cref="SymbolsFileSource"/> reads it.
/// </summary>
/// <remarks>
/// The format has no inlined functions and no escapes. The line number is that of the innermost function; the name is
/// that of the outermost, the real function, as a debugger shows it. A file is written without folders when the line is
/// unknown, and as <c>None</c> when it contains spaces or control characters. Control characters in names become
/// <c>?</c>.
/// </remarks>
/// <param name="output">Receives the text; it stays open.</param>
public sealed class SymbolsFileWriter(Stream output)
{
    private readonly StringBuilder _line = new();

    /// <summary>Writes the lines of some addresses, lowest address first.</summary>
    /// <param name="source">The source of names.</param>
    /// <param name="addresses">Return addresses less 1.</param>
    /// <returns>The number of lines written; an address without a name has none.</returns>
    public int Write(ISymbolSource source, IEnumerable<ulong> addresses)
    {
        int count = 0;
        var frames = new List<SymbolFrame>();
        foreach (ulong address in addresses.Order())
        {
            frames.Clear();
            if (!source.TryResolve(address, frames) || string.IsNullOrWhiteSpace(frames[^1].Name))
                continue;

            Write(frames[0] with { Address = address, Name = frames[^1].Name });
            count++;
        }

        return count;
    }

    /// <summary>
    /// Copies the lines of those addresses that are needed from a symbols file, byte for byte and in their order.
    /// </summary>
    /// <param name="file">The file.</param>
    /// <param name="isNeeded">Returns true for an address that is needed.</param>
    /// <returns>The number of lines copied.</returns>
    public int CopyFrom(Stream file, Predicate<ulong> isNeeded)
    {
        int count = 0;
        // Latin-1 keeps every byte as it is.
        using var reader = new StreamReader(
            file,
            Encoding.Latin1,
            detectEncodingFromByteOrderMarks: false,
            leaveOpen: true
        );
        while (reader.ReadLine() is { } line)
        {
            ReadOnlySpan<char> text = line.AsSpan().TrimStart();
            int end = text.IndexOfAny(' ', '\t');
            ReadOnlySpan<char> word = end < 0 ? text : text[..end];
            if (word.StartsWith("0x", StringComparison.OrdinalIgnoreCase))
                word = word[2..];

            if (
                !ulong.TryParse(word, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong address)
                || !isNeeded(address)
            )
                continue;

            output.Write(Encoding.Latin1.GetBytes(line + "\n"));
            count++;
        }

        return count;
    }

    /// <summary>Writes one line. A frame without a name is left out.</summary>
    public void Write(in SymbolFrame frame)
    {
        if (string.IsNullOrWhiteSpace(frame.Name))
            return;

        _line.Clear();
        _line.Append(CultureInfo.InvariantCulture, $"0x{frame.Address:x} ");
        AppendFile(frame.Line > 0 ? frame.File : Path.GetFileName(frame.File));
        if (frame.Line is int line and > 0)
            _line.Append(CultureInfo.InvariantCulture, $" {line} ");
        else
            _line.Append(" <?> ");

        foreach (char character in frame.Name)
            _line.Append(char.IsControl(character) ? '?' : character);

        output.Write(Encoding.UTF8.GetBytes(_line.Append('\n').ToString()));
    }

    private void AppendFile(string? file)
    {
        bool isFit =
            !string.IsNullOrEmpty(file)
            && !file.Any(character => char.IsWhiteSpace(character) || char.IsControl(character));
        _line.Append(isFit ? file : "None");
    }
}
