using System.Text;
using Osprey.Cli.Rendering.Streams;

namespace Osprey.Cli.CommandLine.Help;

/// <summary>The help of a command: usage, arguments, options in groups, examples.</summary>
internal sealed class HelpPage(CommandDocument document, int width, bool isColoured)
{
    private const int Indent = 2;
    private const int LongestTerm = 30;

    private readonly StringBuilder _text = new();

    /// <summary>Composes the page.</summary>
    public string Compose()
    {
        Heading("Usage");
        _text.Append("  ").Append(document.Usage).Append("\n\n");
        Wrap(document.Description, 0);
        _text.Append('\n');
        Section("Commands", document.Commands);
        Section("Arguments", document.Arguments);
        foreach ((string heading, IEnumerable<HelpRow> options) in document.OptionGroups)
            Section(heading, options);

        if (document.Examples.Count > 0)
        {
            Heading("Examples");
            foreach (string example in document.Examples)
                _text.Append("  ").Append(example).Append('\n');

            _text.Append('\n');
        }

        if (document.IsGroup)
            _text.Append($"'{document.Path} COMMAND --help' shows the options of a command.\n");
        else
            _text.Length--; // one empty line is enough

        return _text.ToString();
    }

    private void Heading(string text) => _text.Append(Colours.Bold(text + ":", isColoured)).Append('\n');

    private void Section(string heading, IEnumerable<HelpRow> rows)
    {
        HelpRow[] all = [.. rows];
        if (all.Length == 0)
            return;

        Heading(heading);
        int column =
            Indent + 2 + all.Select(row => row.Term.Length).Where(length => length <= LongestTerm).Append(0).Max();
        foreach (HelpRow row in all)
        {
            _text.Append(' ', Indent).Append(row.Term);
            if (row.Term.Length > LongestTerm)
                _text.Append('\n').Append(' ', column);
            else
                _text.Append(' ', column - Indent - row.Term.Length);

            Wrap(row.Description, column);
        }

        _text.Append('\n');
    }

    /// <summary>Writes a text from the current column on, with the lines that follow indented.</summary>
    private void Wrap(string text, int column)
    {
        int room = Math.Max(20, width - column);
        int used = 0;
        foreach (string word in text.Split(' '))
        {
            if (used > 0 && used + 1 + word.Length > room)
            {
                _text.Append('\n').Append(' ', column);
                used = 0;
            }
            else if (used > 0)
            {
                _text.Append(' ');
                used++;
            }

            _text.Append(word);
            used += word.Length;
        }

        _text.Append('\n');
    }
}
