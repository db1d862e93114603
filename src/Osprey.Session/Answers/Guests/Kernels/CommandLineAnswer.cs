using Osprey.Guests.Kernels;
using Osprey.Session.Guests;
using Osprey.Target;

namespace Osprey.Session.Answers.Guests.Kernels;

/// <summary>The answer to: with which command line was the kernel started?</summary>
/// <param name="CommandLine">The command line.</param>
public sealed record CommandLineAnswer(string CommandLine)
{
    /// <summary>The columns.</summary>
    public static Shape<CommandLineAnswer> Shape { get; } =
        new Shape<CommandLineAnswer>("cmdline").Text("commandLine", answer => answer.CommandLine);

    /// <summary>Reads it.</summary>
    /// <exception cref="TargetException">The system keeps none, or its kernel is not known.</exception>
    public static CommandLineAnswer Ask(GuestSession session) =>
        new(
            session
                .RequireAbility<IGuestCommandLine>("its command line is not found in its memory")
                .ReadCommandLine(session.Kernel)
        );
}
