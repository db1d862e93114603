using System.Globalization;
using System.Text;

namespace Osprey.Cli.CommandLine.Help;

/// <summary>The manual page of a command, in the man macros of roff.</summary>
/// <remarks>
/// Text is escaped in two ways: a backslash, and a dot or quote at the start of a line, mean something to roff; a
/// hyphen would be typeset as U+2010, which no shell takes, so that it is written as <c>\-</c>.
/// </remarks>
/// <param name="document">The command.</param>
/// <param name="version">The program's version, for the foot of the page.</param>
/// <param name="date">The date, for the foot of the page.</param>
internal sealed class ManPage(CommandDocument document, string version, DateOnly date)
{
    private readonly StringBuilder _text = new();

    /// <summary>The page's name, such as "osprey-trace-list".</summary>
    /// <remarks>The page of <c>trace-status</c> must differ from that of <c>trace status</c>.</remarks>
    public static string NameOf(string path) =>
        path.Replace("osprey trace-", "osprey trace_", StringComparison.Ordinal).Replace(' ', '-');

    /// <summary>Composes the page.</summary>
    public string Compose()
    {
        string name = NameOf(document.Path);
        _text.Append(
            CultureInfo.InvariantCulture,
            $".TH \"{Escape(name.ToUpperInvariant())}\" 1 \"{date:yyyy-MM-dd}\" "
                + $"\"osprey {Escape(version)}\" \"Osprey\"\n"
        );
        Section("NAME");
        Line($"{name} - {Decapitalize(document.Description).Split(". ")[0].TrimEnd('.')}");
        Section("SYNOPSIS");
        WriteSynopsis();
        Section("DESCRIPTION");
        Line(document.Description.EndsWith('.') ? document.Description : document.Description + ".");
        WriteRows("COMMANDS", document.Commands);
        WriteRows("ARGUMENTS", document.Arguments);
        foreach ((string heading, IEnumerable<HelpRow> options) in document.OptionGroups)
            WriteRows(heading.ToUpperInvariant(), options);

        WriteExitStatus();
        WriteExamples();
        WriteSeeAlso();
        return _text.ToString();
    }

    private void WriteSynopsis()
    {
        string words = document.Path;
        _text.Append($".B {Escape(words)}\n");
        if (document.Usage.Length > words.Length)
            Line(document.Usage[(words.Length + 1)..]);
    }

    private void WriteRows(string heading, IEnumerable<HelpRow> rows)
    {
        bool isFirst = true;
        foreach (HelpRow row in rows)
        {
            if (isFirst)
                Section(heading);

            isFirst = false;
            _text.Append($".TP\n.B {Escape(row.Term)}\n");
            Line(row.Description.Length == 0 ? row.Term : row.Description);
        }
    }

    private void WriteExitStatus()
    {
        Section("EXIT STATUS");
        foreach (HelpRow row in ExitCode.All)
            _text.Append($".TP\n.B {row.Term}\n{Escape(row.Description)}\n");
    }

    private void WriteExamples()
    {
        if (document.Examples.Count == 0)
            return;

        Section("EXAMPLES");
        _text.Append(".nf\n");
        foreach (string example in document.Examples)
            Line(example);

        _text.Append(".fi\n");
    }

    private void WriteSeeAlso()
    {
        if (document.IsGroup)
        {
            Section("SEE ALSO");
            string[] pages = [.. document.Commands.Select(row => $"{NameOf(document.Path)}-{row.Term}")];
            for (int i = 0; i < pages.Length; i++)
                _text.Append($".BR {Escape(pages[i])} (1){(i < pages.Length - 1 ? "," : "")}\n");
        }
        else
        {
            Section("SEE ALSO");
            _text.Append($".BR {Escape(NameOf(document.Path[..document.Path.LastIndexOf(' ')]))} (1)\n");
        }
    }

    private void Section(string heading) => _text.Append($".SH \"{Escape(heading)}\"\n");

    private void Line(string text)
    {
        string escaped = Escape(text);
        _text.Append(escaped is ['.' or '\'', ..] ? "\\&" : "").Append(escaped).Append('\n');
    }

    private static string Escape(string text) =>
        text.Replace("\\", "\\e", StringComparison.Ordinal)
            .Replace("-", "\\-", StringComparison.Ordinal)
            .Replace("'", "\\(aq", StringComparison.Ordinal)
            .Replace("\"", "\\(dq", StringComparison.Ordinal)
            .Replace("`", "\\(ga", StringComparison.Ordinal)
            .Replace("^", "\\(ha", StringComparison.Ordinal)
            .Replace("~", "\\(ti", StringComparison.Ordinal);

    private static string Decapitalize(string text) =>
        text.Length > 1 && char.IsLower(text[1]) ? char.ToLowerInvariant(text[0]) + text[1..] : text;
}
