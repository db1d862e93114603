using System.CommandLine;

namespace Osprey.Cli.CommandLine;

/// <summary>What all commands and options share.</summary>
internal static class CommandExtensions
{
    extension(Command command)
    {
        /// <summary>Adds options in the order in which help lists them.</summary>
        public void AddOptions(params ReadOnlySpan<Option> options)
        {
            foreach (Option option in options)
                command.Options.Add(option);
        }
    }

    extension(Option option)
    {
        /// <summary>Tells whether an option is called by a name, short or long.</summary>
        public bool HasName(string name) => option.Name == name || option.Aliases.Contains(name);
    }
}
