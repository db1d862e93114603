using System.CommandLine;
using Osprey.Cli.CommandLine;
using Osprey.Guests.Modules;
using Osprey.Session.Answers.Guests.Modules;

namespace Osprey.Cli.Commands.Guest;

/// <summary><c>osprey modules</c>: what the guest has loaded.</summary>
internal static class ModulesCommand
{
    public static Command Create()
    {
        var command = new DocumentedCommand(
            "modules",
            "List the programs, libraries or kernel modules that the guest has loaded, with their files of this host",
            "osprey modules                       # files are found by the build's manifests and compared",
            "osprey modules --sysroot ~/image --json"
        );
        var options = new GuestOptions(command, isListing: true) { TakesPrograms = true };
        command.SetAction(result =>
            GuestListingCommand.RunBySystem(
                result,
                options,
                question =>
                    question.Session.Target.Program is not null ? ProgramFileShape.Shape
                    : question.Session.Os is IGuestModules { HasFiles: false } ? KernelModuleShape.Shape
                    : ModuleShape.Shape,
                question =>
                {
                    var modules = question.Session.ListModules(question.Context.Cancellation);
                    question.AddDefects(question.Session.ModuleDefects);
                    return modules;
                },
                whenEmpty: "the guest has loaded nothing but its kernel"
            )
        );
        return command;
    }
}
