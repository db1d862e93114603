using System.CommandLine;

namespace Osprey.Cli.Commands.Trace;

/// <summary>The trace that a command reads.</summary>
internal static class TracefileArgument
{
    public static Argument<string> Create(string name = "tracefile", bool isRequired = false)
    {
        var argument = new Argument<string>(name)
        {
            Description = "The trace: a tracefile or an OSVT dump, told apart by content; - for standard input",
            Arity = isRequired ? ArgumentArity.ExactlyOne : ArgumentArity.ZeroOrOne,
        };
        if (!isRequired)
            argument.DefaultValueFactory = _ => "tracefile";

        return argument;
    }
}
