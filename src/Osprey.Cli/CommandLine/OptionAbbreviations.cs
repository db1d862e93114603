using System.CommandLine;

namespace Osprey.Cli.CommandLine;

/// <summary>Lets long options be shortened to any prefix that means only one of them, as users of Python tools expect.</summary>
internal static class OptionAbbreviations
{
    /// <summary>Replaces shortened options by their full names.</summary>
    /// <exception cref="UsageException">A prefix means several options.</exception>
    public static string[] Expand(RootCommand root, string[] args)
    {
        Command command = root;
        List<string> names = NamesOf(root);
        string[] expanded = [.. args];
        for (int i = 0; i < expanded.Length; i++)
        {
            string arg = expanded[i];
            if (arg == "--")
                break;

            if (!arg.StartsWith("--", StringComparison.Ordinal))
            {
                if (command.Subcommands.FirstOrDefault(sub => sub.Name == arg || sub.Aliases.Contains(arg)) is Command next)
                {
                    command = next;
                    names.AddRange(NamesOf(next));
                }

                continue;
            }

            int end = arg.AsSpan().IndexOfAny('=', ':');
            string name = end < 0 ? arg : arg[..end];
            if (names.Contains(name))
                continue;

            string[] meant = [.. names.Where(candidate => candidate.StartsWith(name, StringComparison.Ordinal)).Distinct()];
            if (meant.Length > 1)
                throw new UsageException($"option {name} is ambiguous: {string.Join(", ", meant)}");

            if (meant.Length == 1)
                expanded[i] = meant[0] + arg[name.Length..];
        }

        return expanded;
    }

    private static List<string> NamesOf(Command command) =>
        [.. command.Options.SelectMany(option => option.Aliases.Append(option.Name)).Where(name => name.StartsWith("--", StringComparison.Ordinal))];
}
