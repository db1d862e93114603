using System.Text;

namespace Osprey.Dap.Guests;

/// <summary>The words of a command line that is one text, with quotes and backslashes as in a shell.</summary>
internal static class CommandLineWords
{
    /// <summary>Splits it.</summary>
    /// <exception cref="FormatException">A quote is not closed.</exception>
    public static List<string> Split(string line)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        bool isOpen = false;
        char quote = '\0';
        for (int i = 0; i < line.Length; i++)
        {
            char letter = line[i];
            if (letter == '\\' && quote != '\'' && i + 1 < line.Length)
            {
                word.Append(line[++i]);
                isOpen = true;
            }
            else if (quote != '\0')
            {
                if (letter == quote)
                    quote = '\0';
                else
                    word.Append(letter);
            }
            else if (letter is '\'' or '"')
            {
                quote = letter;
                isOpen = true;
            }
            else if (char.IsWhiteSpace(letter))
            {
                if (isOpen)
                    words.Add(word.ToString());

                word.Clear();
                isOpen = false;
            }
            else
            {
                word.Append(letter);
                isOpen = true;
            }
        }

        if (quote != '\0')
            throw new FormatException($"a quote {quote} is not closed");

        if (isOpen)
            words.Add(word.ToString());

        return words;
    }
}
