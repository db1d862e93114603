using System.Text;

namespace Osprey.Target.Backends.Qemu.Processes;

/// <summary>
/// The values of one of QEMU's options: <c>first,key=value,...</c>, where a doubled comma stands for one. The same
/// option given again adds to them, and what it gives once more counts.
/// </summary>
internal sealed class QemuOption
{
    private readonly Dictionary<string, string> _values = [];

    /// <summary>An option that was not given yet.</summary>
    public QemuOption() { }

    public QemuOption(string text) => Add(text);

    /// <summary>The first value, when it has no key of its own.</summary>
    public string? First { get; private set; }

    /// <summary>The value of a key; null when it is not given.</summary>
    public string? this[string key]
    {
        get => _values.GetValueOrDefault(key);
        set
        {
            if (value is null)
                _values.Remove(key);
            else
                _values[key] = value;
        }
    }

    /// <summary>Adds what a text gives.</summary>
    /// <param name="text">The text.</param>
    /// <param name="firstKey">The key of the first value, where it has none of its own; null for none.</param>
    public void Add(string text, string? firstKey = null)
    {
        bool isFirst = true;
        foreach (string part in Split(text))
        {
            int equals = part.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0)
                _values[part[..equals]] = part[(equals + 1)..];
            else if (isFirst && firstKey is not null && part.Length > 0)
                _values[firstKey] = part;
            else if (isFirst)
                First = part;
            else
                _values[part] = "on";

            isFirst = false;
        }
    }

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
