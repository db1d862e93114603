using System.Globalization;
using System.Text;

namespace Osprey.Symbols.Sources;

/// <summary>Writes a <c>.symbols</c> file as OSv's tools do, one line an address (see <see cref="SymbolsFileSource"/>).</summary>
/// <remarks>
/// The format has no escapes. A file is written by its own name without folders when nothing is known of its lines, and as
/// <c>None</c> where it would break the line; control characters in names become <c>?</c>.
/// </remarks>
public sealed class SymbolsFileWriter(TextWriter output)
{
    private readonly StringBuilder _line = new();

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

        output.Write(_line.Append('\n'));
    }

    private void AppendFile(string? file)
    {
        bool isFit = !string.IsNullOrEmpty(file) && !file.Any(character => char.IsWhiteSpace(character) || char.IsControl(character));
        _line.Append(isFit ? file : "None");
    }
}
