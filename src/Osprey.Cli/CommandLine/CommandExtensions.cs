using System.CommandLine;

namespace Osprey.Cli.CommandLine;

/// <summary>Steps that all commands take when they are made.</summary>
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
}
