using System.CommandLine;
using System.CommandLine.Invocation;
using System.Reflection;
using Osprey.Cli.CommandLine;
using Osprey.Cli.Rendering.Streams;

namespace Osprey.Cli.Commands.General;

/// <summary><c>osprey version</c> and <c>osprey --version</c>.</summary>
internal static class VersionCommand
{
    public const string Name = "version";

    public const string Summary = "Show the program's version";

    /// <summary>The program's version, with the commit that it was built from where that is known.</summary>
    public static string Version { get; } =
        typeof(VersionCommand)
            .Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()
            ?.InformationalVersion
        ?? "0";

    public static Command Create()
    {
        var command = new DocumentedCommand(Name, Summary, "osprey version");
        command.SetAction(_ => Show());
        return command;
    }

    private static int Show()
    {
        using var output = new Output(paged: false);
        output.Text.Append(Version + "\n");
        output.Flush();
        return ExitCode.Success;
    }

    /// <summary>The same as an option.</summary>
    internal sealed class Action : SynchronousCommandLineAction
    {
        public override int Invoke(ParseResult parseResult) => Show();
    }
}
