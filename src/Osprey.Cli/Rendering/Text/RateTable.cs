using System.Globalization;
using Osprey.Rest.Counters;
using Osprey.Traces.Text;

namespace Osprey.Cli.Rendering.Text;

/// <summary>
/// A column for each counter, a row for each reading, as OSv's freq.py prints them; the header again every 20 rows.
/// </summary>
internal sealed class RateTable
{
    private const int RowsPerHeader = 20;
    private const int LeastWidth = 15;

    private readonly IReadOnlyList<string> _names;
    private readonly string[] _titles;
    private int _rows;

    /// <param name="names">The counters in the order of their columns.</param>
    public RateTable(IReadOnlyList<string> names)
    {
        _names = names;
        _titles = [.. names.Select(name => TerminalText.Escape(name).PadLeft(LeastWidth))];
    }

    public void WriteHeader(Utf8Builder text) => text.Append(string.Join(' ', _titles) + "\n");

    /// <summary>
    /// Writes a row, with the header before it when it is time; a counter without a rate gets a dash.
    /// </summary>
    public void WriteRow(Utf8Builder text, CounterRates rates)
    {
        if (_rows > 0 && _rows % RowsPerHeader == 0)
            WriteHeader(text);

        _rows++;
        var known = rates.Rates.ToDictionary(rate => rate.Name, rate => rate.PerSecond);
        for (int i = 0; i < _names.Count; i++)
        {
            double? rate = known.GetValueOrDefault(_names[i]);
            string cell = rate is double value ? value.ToString("F0", CultureInfo.InvariantCulture) : "-";
            text.Append((i == 0 ? "" : " ") + cell.PadLeft(_titles[i].Length));
        }

        text.Append((byte)'\n');
    }
}
