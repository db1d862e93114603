using System.Text.Json;

namespace Osprey.Target.Backends.Qemu.Processes;

// QEMU is told of a guest in several ways, one after the other: by options, by files that -readconfig names, and by
// options of options (-machine smp.cpus=4). All end up in groups of keys and values, such as "memory" or the chardev of
// a certain id; whatever comes later adds to a group or replaces a key. So these groups are collected first, and
// QemuCommandLine reads its answers from them.

/// <summary>
/// Options that a QEMU was given, by group: those that tell of the guest and of the ways to it.
/// </summary>
internal sealed class QemuSettings
{
    private readonly Dictionary<(string Group, string Id), QemuOption> _groups = [];
    private readonly List<(QemuOption Option, bool IsMonitor)> _monitors = [];

    /// <summary>False when QEMU was told something that can't be read here.</summary>
    public bool IsComplete { get; private set; } = true;

    /// <summary><c>-mon</c> and <c>-qmp</c>, in their order; for the former <c>IsMonitor</c> is true.</summary>
    public IReadOnlyList<(QemuOption Option, bool IsMonitor)> Monitors => _monitors;

    /// <summary><c>-gdb</c> and <c>-s</c>, in their order.</summary>
    public List<QemuOption> Stubs { get; } = [];

    /// <summary>Gets a group, empty when nothing was told.</summary>
    public QemuOption this[string group, string id = ""] =>
        _groups.TryGetValue((group, id), out QemuOption? found) ? found : new QemuOption();

    /// <summary>Reads the arguments, the program's name first.</summary>
    /// <param name="arguments">The arguments.</param>
    /// <param name="readFile">Reads a file that QEMU was told to read; null when it can't be read.</param>
    public static QemuSettings Read(IReadOnlyList<string> arguments, Func<string, string?> readFile)
    {
        var settings = new QemuSettings();
        for (int i = 1; i < arguments.Count; i++)
        {
            string option = arguments[i].StartsWith("--", StringComparison.Ordinal) ? arguments[i][1..] : arguments[i];
            if (option == "-s")
                settings.Stubs.Add(new QemuOption("tcp::1234"));
            else if (option == "-no-reboot")
                settings.Get("action", "")["reboot"] = "shutdown";
            else if (
                i + 1 < arguments.Count
                && option.StartsWith('-')
                && settings.TryTake(option, arguments[i + 1], readFile)
            )
                i++;
        }

        return settings;
    }

    private bool TryTake(string option, string value, Func<string, string?> readFile)
    {
        switch (option)
        {
            case "-name":
                Get("name", "").Add(value, "guest");
                break;
            case "-m":
                Get("memory", "").Add(value, "size");
                break;
            case "-smp":
                Get("smp-opts", "").Add(value, "cpus");
                break;
            case "-action":
                Get("action", "").Add(value, "");
                break;
            case "-machine" or "-M":
                Get("machine", "").Add(value, "type");
                break;
            case "-kernel":
                Get("machine", "")["kernel"] = value;
                break;
            case "-qmp" or "-qmp-pretty":
                _monitors.Add((new QemuOption(value), false));
                break;
            case "-mon":
                var monitor = new QemuOption();
                monitor.Add(value, "chardev");
                _monitors.Add((monitor, true));
                break;
            case "-chardev":
                var chardev = new QemuOption();
                chardev.Add(value, "backend");
                _groups[("chardev", chardev["id"] ?? "")] = chardev;
                break;
            case "-object":
                QemuOption created = ReadObject(value);
                _groups[("object", created["id"] ?? "")] = created;
                break;
            case "-gdb":
                Stubs.Add(new QemuOption(value));
                break;
            case "-set":
                Set(value);
                break;
            case "-readconfig":
                ReadFile(readFile(value));
                break;
            default:
                return false;
        }

        return true;
    }

    private QemuOption Get(string group, string id)
    {
        if (!_groups.TryGetValue((group, id), out QemuOption? found))
            _groups.Add((group, id), found = new QemuOption());

        return found;
    }

    /// <summary>Reads <c>GROUP.ID.KEY=VALUE</c>.</summary>
    private void Set(string text)
    {
        int equals = text.IndexOf('=', StringComparison.Ordinal);
        if (equals > 0 && text[..equals].Split('.') is [{ } group, { } id, { } key])
            Get(group, id)[key] = text[(equals + 1)..];
    }

    /// <summary>Reads <c>TYPE,key=value,...</c> or a JSON object.</summary>
    private static QemuOption ReadObject(string text)
    {
        var option = new QemuOption();
        if (!text.StartsWith('{'))
        {
            option.Add(text, "qom-type");
            return option;
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(text);
            foreach (JsonProperty property in document.RootElement.EnumerateObject())
                option[property.Name] = property.Value.ToString();
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // QEMU would not have started.
        }

        return option;
    }

    /// <summary>
    /// Reads a file of groups: <c>[group]</c> or <c>[group "id"]</c>, each with lines <c>key = "value"</c>.
    /// </summary>
    private void ReadFile(string? text)
    {
        if (text is null)
        {
            IsComplete = false;
            return;
        }

        QemuOption? group = null;
        foreach (ReadOnlySpan<char> row in text.AsSpan().EnumerateLines())
        {
            ReadOnlySpan<char> line = row.Trim();
            if (line.IsEmpty || line[0] == '#')
                continue;

            if (line[0] == '[' && line[^1] == ']')
            {
                group = OpenGroup(line[1..^1].Trim().ToString());
                continue;
            }

            int equals = line.IndexOf('=');
            ReadOnlySpan<char> value = equals < 0 ? default : line[(equals + 1)..].Trim();
            if (group is null || equals <= 0 || value.Length < 2 || value[0] != '"' || value[^1] != '"')
                IsComplete = false;
            else
                group[line[..equals].Trim().ToString()] = value[1..^1].ToString();
        }
    }

    private QemuOption OpenGroup(string head)
    {
        int quote = head.IndexOf('"', StringComparison.Ordinal);
        string name = (quote < 0 ? head : head[..quote]).Trim();
        string id = quote < 0 ? "" : head[(quote + 1)..].TrimEnd('"');
        if (name != "mon")
            return Get(name, id);

        var monitor = new QemuOption();
        _monitors.Add((monitor, true));
        return monitor;
    }
}
