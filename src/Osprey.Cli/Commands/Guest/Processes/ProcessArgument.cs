using System.CommandLine;

namespace Osprey.Cli.Commands.Guest.Processes;

/// <summary>The argument for a process of the guest.</summary>
internal static class ProcessArgument
{
    /// <summary>Creates an argument that must be given.</summary>
    public static Argument<string> Create() =>
        new("process") { Description = "The process: the number, address or name of one of its threads" };

    /// <summary>Creates an argument that may be left out.</summary>
    /// <param name="description">What it is for.</param>
    public static Argument<string?> CreateOptional(string description) =>
        new("process")
        {
            Description = $"{description}, by the number, address or name of one of its threads; the first otherwise",
            Arity = ArgumentArity.ZeroOrOne,
        };
}
