using System.Text;

namespace Osprey.Target.Backends.Qemu.Processes;

/// <summary>
/// The value of one of QEMU's options: <c>first,key=value,...</c>, where a doubled comma stands for one.
/// </summary>
internal sealed class QemuOption
{
    private readonly Dictionary<string, string> _values = [];

    public QemuOption(string text)
    {
        bool isFirst = true;
        foreach (string part in Split(text))
        {
            int equals = part.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0)
                _values[part[..equals]] = part[(equals + 1)..];
            else if (isFirst)
                First = part;
            else
                _values[part] = "on";

            isFirst = false;
        }
    }

    /// <summary>The first value, when it has no key of its own.</summary>
    public string? First { get; }

    /// <summary>The value of a key; null when it is not given.</summary>
    public string? this[string key] => _values.GetValueOrDefault(key);

    private static List<string> Split(string text)
    {
        var parts = new List<string>();
        var part = new StringBuilder();
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] == ',' && i + 1 < text.Length && text[i + 1] == ',')
            {
                part.Append(',');
                i++;
            }
            else if (text[i] == ',')
            {
                parts.Add(part.ToString());
                part.Clear();
            }
            else
            {
                part.Append(text[i]);
            }
        }

        parts.Add(part.ToString());
        return parts;
    }
}
