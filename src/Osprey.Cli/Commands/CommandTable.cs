using System.CommandLine;

namespace Osprey.Cli.Commands;

/// <summary>Commands that are made when they are called; of the others only names and descriptions are.</summary>
/// <param name="rows">The commands in the order in which help lists them.</param>
internal sealed class CommandTable((string Name, string Description, Func<Command> Create)[] rows)
{
    /// <summary>Their names.</summary>
    public IEnumerable<string> Names => rows.Select(row => row.Name);

    /// <summary>Makes one of them; null when there is none of that name.</summary>
    public Command? TryCreate(string name)
    {
        foreach ((string known, _, Func<Command> create) in rows)
        {
            if (known == name)
                return create();
        }

        return null;
    }

    /// <summary>Makes all of them.</summary>
    /// <param name="isCalled">Tells by its name whether a command is made whole.</param>
    public IEnumerable<Command> Create(Func<string, bool> isCalled)
    {
        foreach ((string name, string description, Func<Command> create) in rows)
            yield return isCalled(name) ? create() : new Command(name, description);
    }
}
