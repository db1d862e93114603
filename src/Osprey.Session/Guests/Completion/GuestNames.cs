using System.Buffers;
using Osprey.Binary;
using Osprey.Binary.Demangling;
using Osprey.Binary.Elf;
using Osprey.Binary.Elf.Symbols;
using Osprey.Guests.Threads;
using Osprey.Symbols;
using Osprey.Target;
using Osprey.Values;
using Osprey.Values.Expressions;

namespace Osprey.Session.Guests.Completion;

/// <summary>
/// The names in a guest that begin as a user typed: symbols, members and threads. What can't be read has no names: a
/// user who presses a key wants no message.
/// </summary>
/// <param name="session">The guest.</param>
/// <remarks>Symbols are listed once for each program and kept.</remarks>
public sealed class GuestNames(GuestSession session)
{
    private const int MaxSymbols = 1_000_000;
    private const int MaxFound = 1000;

    /// <summary>Letters in names of the compiler and of templates, which nobody types whole.</summary>
    private static readonly SearchValues<char> s_strange = SearchValues.Create(" <>.$@");

    private readonly Dictionary<string, string[]> _symbols = [];

    /// <summary>Lists the guest's threads: each by number, with its name and state.</summary>
    public IReadOnlyList<(string Id, string Description)> ListThreads()
    {
        try
        {
            return
            [
                .. session
                    .ListThreads()
                    .Threads.Select(thread => ($"{thread.Id}", $"{Describe(thread)}: {thread.State}")),
            ];
        }
        catch (Exception exception) when (IsExpected(exception))
        {
            return [];
        }

        static string Describe(GuestThreadState thread) => thread.Name.Length == 0 ? "without a name" : thread.Name;
    }

    /// <summary>
    /// Lists the symbols that begin with a text, in order; up to the next <c>::</c> only, where a namespace or class
    /// has many.
    /// </summary>
    public IReadOnlyList<string> FindSymbols(string start)
    {
        try
        {
            var found = new SortedSet<string>(StringComparer.Ordinal);
            foreach (string[] names in ListPrograms())
            {
                int first = Array.BinarySearch(names, start, StringComparer.Ordinal);
                for (int i = first < 0 ? ~first : first; i < names.Length && found.Count < MaxFound; i++)
                {
                    if (!names[i].StartsWith(start, StringComparison.Ordinal))
                        break;

                    int scope = names[i].IndexOf("::", start.Length, StringComparison.Ordinal);
                    found.Add(scope < 0 ? names[i] : names[i][..(scope + 2)]);
                }
            }

            return [.. found];
        }
        catch (Exception exception) when (IsExpected(exception))
        {
            return [];
        }
    }

    /// <summary>Returns the end of a message about a symbol that does not exist: similar ones, or nothing.</summary>
    public string Suggest(string wanted)
    {
        try
        {
            int most = Math.Max(2, wanted.Length / 4); // names that only contain it are too many
            return NearNames.Suggest(
                wanted,
                ListPrograms().SelectMany(names => names).Where(name => Math.Abs(name.Length - wanted.Length) <= most)
            );
        }
        catch (Exception exception) when (IsExpected(exception))
        {
            return "";
        }
    }

    /// <summary>Lists the members of the value of an expression, or of what it points to.</summary>
    /// <param name="expression">The expression in front of the dot or the arrow.</param>
    public IReadOnlyList<string> FindMembers(string expression)
    {
        try
        {
            Value value = session.Selected.Evaluate(expression);
            string[] own = [.. value.GetMemberNames()];
            return own.Length > 0 ? own : [.. value.Dereference().GetMemberNames()];
        }
        catch (Exception exception) when (IsExpected(exception))
        {
            return [];
        }
    }

    /// <summary>The names of each program, in order.</summary>
    private IEnumerable<string[]> ListPrograms()
    {
        foreach (GuestModule module in session.Programs.Modules)
            yield return Keep(module.Path, () => ListSymbols(module.Image));

        if (session.Programs.KernelTable is { } table)
            yield return Keep("", () => Sort(table.Names.Where(name => !name.AsSpan().ContainsAny(s_strange))));
    }

    private string[] Keep(string path, Func<string[]> list)
    {
        if (!_symbols.TryGetValue(path, out string[]? names))
            _symbols.Add(path, names = list());

        return names;
    }

    private static string[] ListSymbols(ElfImage image)
    {
        ElfSymbolTable table = image.ReadSymbols();
        var names = new HashSet<string>();
        for (int i = 0; i < Math.Min(table.Count, MaxSymbols); i++)
        {
            ElfSymbol symbol = table[i];
            if (
                !symbol.IsInSection
                || symbol.Type
                    is not (
                        ElfSymbolType.Function
                        or ElfSymbolType.Object
                        or ElfSymbolType.None
                        or ElfSymbolType.ThreadLocal
                    )
            )
                continue;

            string name = SymbolDemangler.Demangle(table.GetName(symbol.NameOffset));
            int parameters = name.IndexOf('(', StringComparison.Ordinal);
            name = parameters > 0 ? name[..parameters] : name;
            if (name.Length > 0 && !name.AsSpan().ContainsAny(s_strange))
                names.Add(name);
        }

        return Sort(names);
    }

    private static string[] Sort(IEnumerable<string> names)
    {
        string[] sorted = [.. names];
        Array.Sort(sorted, StringComparer.Ordinal);
        return sorted;
    }

    private static bool IsExpected(Exception exception) =>
        exception
            is TargetException
                or BadDataException
                or ExpressionException
                or FormatException
                or IOException
                or UnauthorizedAccessException;
}
