using Osprey.Binary;

namespace Osprey.Probes.Names;

/// <summary>Names out of QEMU's <c>trace-events</c> files, whose events are the probes of provider qemu.</summary>
/// <remarks>
/// A line is <c>[properties] name(type name, …) "format"</c>, as docs/devel/tracing.rst of QEMU says; <c>#</c> begins
/// a comment.
/// </remarks>
public sealed class TraceEventNames : IArgumentNames
{
    private const int MaxFileSize = 16 << 20;

    private readonly Dictionary<string, ArgumentName[]> _events = [];

    /// <summary>The number of events that were read.</summary>
    public int Count => _events.Count;

    /// <summary>Reads a file, or all files <c>trace-events*</c> of a folder and those below it.</summary>
    /// <exception cref="IOException">It can't be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It can't be read.</exception>
    /// <exception cref="BadDataException">A file is larger than any such file.</exception>
    public void Add(string path)
    {
        string[] files = Directory.Exists(path)
            ? [.. Directory.EnumerateFiles(path, "trace-events*", SearchOption.AllDirectories)]
            : [path];
        foreach (string file in files)
        {
            FileKinds.RequireFile(file);
            long size = new FileInfo(file).Length;
            if (size > MaxFileSize)
                throw new BadDataException(
                    file,
                    0,
                    $"a list of events of {size} bytes, expected {MaxFileSize} at most"
                );

            AddText(File.ReadAllText(file));
        }
    }

    /// <summary>Reads the text of a file. Lines that are not understood give no names.</summary>
    public void AddText(string text)
    {
        foreach (string line in text.Split('\n'))
        {
            string trimmed = line.Trim();
            int open = trimmed.IndexOf('(');
            int close = open < 0 ? -1 : trimmed.IndexOf(')', open);
            if (trimmed.StartsWith('#') || close < 0)
                continue;

            string head = trimmed[..open];
            string name = head[(head.LastIndexOf(' ') + 1)..];
            string parameters = trimmed[(open + 1)..close].Trim();
            if (name.Length > 0)
                _events[name] = parameters is "" or "void" ? [] : [.. parameters.Split(',').Select(ReadParameter)];
        }
    }

    /// <inheritdoc/>
    public ArgumentName[]? Find(ProbeFile file, Probe probe, ProbeSite site) =>
        probe.Provider.StartsWith("qemu", StringComparison.Ordinal) ? _events.GetValueOrDefault(probe.Name) : null;

    private static ArgumentName ReadParameter(string parameter)
    {
        // "const char *name": the last word is the name, what is in front of it the type.
        string text = parameter.Trim();
        int start = text.Length;
        while (start > 0 && (char.IsAsciiLetterOrDigit(text[start - 1]) || text[start - 1] == '_'))
            start--;

        string type = text[..start].Replace("const", "", StringComparison.Ordinal);
        type = string.Concat(type.Where(c => !char.IsWhiteSpace(c)));
        return start == text.Length || type.Length == 0
            ? new ArgumentName(null, IsText: false)
            : new ArgumentName(text[start..], type == "char*");
    }
}
