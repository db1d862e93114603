using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Osprey.Cli.CommandLine;

/// <summary>The usual help, with the command's examples at its end.</summary>
internal sealed class HelpWithExamples(HelpAction help) : SynchronousCommandLineAction
{
    public override int Invoke(ParseResult parseResult)
    {
        int code = help.Invoke(parseResult);
        if (parseResult.CommandResult.Command is not DocumentedCommand { Examples.Count: > 0 } command)
            return code;

        TextWriter output = parseResult.InvocationConfiguration.Output;
        output.WriteLine("Examples:");
        foreach (string example in command.Examples)
            output.WriteLine("  " + example);

        output.WriteLine();
        return code;
    }
}
