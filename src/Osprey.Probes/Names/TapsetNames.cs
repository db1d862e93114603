using System.Globalization;
using System.Text.RegularExpressions;
using Osprey.Binary;

namespace Osprey.Probes.Names;

// A tapset is SystemTap's library of probe aliases. Those of static probes look so:
//
//     probe hotspot.gc_begin = process("/usr/lib/jvm/.../libjvm.so").provider("hotspot").mark("gc__begin")
//     {
//       name = "gc_begin";
//       is_full = $arg1;
//       cause = user_string($arg2);
//     }
//
// All that counts here is which variable an argument is given to as it is, or as text by one of the user_string
// functions. Where both are, the first name stays. An argument inside of any other expression gets no name.

/// <summary>Names out of a SystemTap tapset.</summary>
public sealed partial class TapsetNames : IArgumentNames
{
    /// <summary>The folder that SystemTap and packages install tapsets to.</summary>
    public const string SystemFolder = "/usr/share/systemtap/tapset";

    private const int MaxFileSize = 4 << 20;
    private const int MaxFiles = 10_000;

    private readonly Dictionary<string, List<(string? Provider, SortedDictionary<int, ArgumentName> Names)>> _probes =
    [];

    /// <summary>The number of aliases of static probes that were read.</summary>
    public int Count => _probes.Values.Sum(list => list.Count);

    /// <summary>Reads a file, or all <c>*.stp</c> of a folder and those below it.</summary>
    /// <exception cref="IOException">It can't be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It can't be read.</exception>
    /// <exception cref="BadDataException">A file is larger than any tapset.</exception>
    public void Add(string path)
    {
        if (!Directory.Exists(path))
        {
            AddFile(path);
            return;
        }

        foreach (
            string file in Directory
                .EnumerateFiles(path, "*.stp", SearchOption.AllDirectories)
                .Order(StringComparer.Ordinal)
                .Take(MaxFiles)
        )
            AddFile(file);
    }

    /// <summary>Reads the text of a tapset. What is not understood gives no names.</summary>
    public void AddText(string text)
    {
        text = Comment().Replace(text, match => match.Value.StartsWith('"') ? match.Value : " ");
        foreach (Match alias in Alias().Matches(text))
        {
            SortedDictionary<int, ArgumentName> names = ReadBody(alias.Groups["body"].Value);
            if (names.Count == 0)
                continue;

            foreach (Match mark in Mark().Matches(alias.Groups["points"].Value))
            {
                string name = Normalize(mark.Groups["name"].Value);
                if (!_probes.TryGetValue(name, out var list))
                    _probes.Add(name, list = []);

                list.Add((mark.Groups["provider"] is { Success: true, Value: var provider } ? provider : null, names));
            }
        }
    }

    /// <inheritdoc/>
    public ArgumentName[]? Find(ProbeFile file, Probe probe, ProbeSite site)
    {
        if (!_probes.TryGetValue(Normalize(probe.Name), out var list))
            return null;

        foreach ((string? provider, SortedDictionary<int, ArgumentName> names) in list)
        {
            if (provider is not null && provider != probe.Provider)
                continue;

            var found = new ArgumentName[site.Arguments.Count];
            foreach ((int number, ArgumentName name) in names)
            {
                if (number <= found.Length)
                    found[number - 1] = name;
            }

            return found;
        }

        return null;
    }

    private static SortedDictionary<int, ArgumentName> ReadBody(string body)
    {
        var names = new SortedDictionary<int, ArgumentName>();
        foreach (Match assignment in Assignment().Matches(body))
        {
            int number = int.Parse(assignment.Groups["number"].ValueSpan, CultureInfo.InvariantCulture);
            bool isText = assignment.Groups["string"].Success;
            if (number is < 1 or > 64)
                continue;

            string name = names.TryGetValue(number, out ArgumentName known)
                ? known.Name!
                : assignment.Groups["name"].Value;
            names[number] = new ArgumentName(name, isText || known.IsText)
            {
                LengthArgument = ReadNumber(assignment.Groups["length"]) ?? known.LengthArgument,
                MaxLength = ReadNumber(assignment.Groups["most"]) ?? known.MaxLength,
            };
        }

        return names;
    }

    private static int? ReadNumber(Group group) =>
        group.Success ? int.Parse(group.ValueSpan, CultureInfo.InvariantCulture) : null;

    /// <summary>SystemTap takes a hyphen for two underscores, as DTrace does.</summary>
    private static string Normalize(string name) => name.Replace("-", "__", StringComparison.Ordinal);

    private void AddFile(string path)
    {
        FileKinds.RequireFile(path);
        long size = new FileInfo(path).Length;
        if (size > MaxFileSize)
            throw new BadDataException(path, 0, $"a tapset of {size} bytes, expected {MaxFileSize} at most");

        AddText(File.ReadAllText(path));
    }

    [GeneratedRegex("""/\*.*?\*/|//[^\n]*|#[^\n]*|"(?>(?:[^"\\\n]|\\.)*)"?""", RegexOptions.Singleline)]
    private static partial Regex Comment();

    [GeneratedRegex("""\bprobe\s+[\w.]+\s*\+?=(?<points>(?>[^{}]*))\{(?<body>(?>[^{}]*))""")]
    private static partial Regex Alias();

    [GeneratedRegex("""(?:\.provider\(\s*"(?<provider>[^"]*)"\s*\)\s*)?\.mark\(\s*"(?<name>[^"]*)"\s*\)""")]
    private static partial Regex Mark();

    [GeneratedRegex(
        """(?<![\w$.])(?<name>[A-Za-z_]\w*)\s*=\s*"""
            + """(?:(?<string>user_string_n\w*)\s*\(\s*\$arg(?<number>\d{1,2})\s*,"""
            + """\s*(?:\$arg(?<length>\d{1,2})|(?<most>\d{1,4}))\b[^;\n]*\)"""
            + """|(?<string>user_string\w*)\s*\(\s*\$arg(?<number>\d{1,2})\b[^;\n]*\)"""
            + """|\$arg(?<number>\d{1,2}))\s*(?=[;\n}]|$)"""
    )]
    private static partial Regex Assignment();
}
