using System.CommandLine;

namespace Osprey.Cli.Commands.Trace.Options;

/// <summary>The trace that a command reads.</summary>
internal static class TracefileArgument
{
    /// <param name="name">Its name in the help.</param>
    /// <param name="hasDefault">Whether it is <c>tracefile</c> when it is left out.</param>
    public static Argument<string> Create(string name = "tracefile", bool hasDefault = true)
    {
        var argument = new Argument<string>(name)
        {
            Description = "The trace: a tracefile or an OSVT dump, told apart by content; - for standard input",
            Arity = ArgumentArity.ZeroOrOne,
        };
        if (hasDefault)
            argument.DefaultValueFactory = _ => "tracefile";

        return argument;
    }
}
