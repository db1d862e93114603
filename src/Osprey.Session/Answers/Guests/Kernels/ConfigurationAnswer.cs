using Osprey.Guests.Kernels;
using Osprey.Session.Guests;
using Osprey.Target;

namespace Osprey.Session.Answers.Guests.Kernels;

/// <summary>The answer to: with which options was the kernel built?</summary>
/// <param name="Lines">The lines of its configuration.</param>
public sealed record ConfigurationAnswer(IReadOnlyList<string> Lines)
{
    /// <summary>The columns.</summary>
    public static Shape<ConfigurationAnswer> Shape { get; } =
        new Shape<ConfigurationAnswer>("config").Texts("lines", answer => answer.Lines);

    /// <summary>Reads them.</summary>
    /// <exception cref="TargetException">The system keeps none, or its kernel is not known.</exception>
    public static ConfigurationAnswer Ask(GuestSession session) =>
        new(
            session
                .RequireAbility<IGuestConfiguration>("its configuration is not found in its memory")
                .ReadConfiguration(session.Kernel)
        );
}
