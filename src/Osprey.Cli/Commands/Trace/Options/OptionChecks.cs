using System.CommandLine;

namespace Osprey.Cli.Commands.Trace.Options;

/// <summary>Checks on the values of options that hold for several commands.</summary>
internal static class OptionChecks
{
    /// <summary>Refuses a negative number where one counts something.</summary>
    /// <param name="option">The option.</param>
    /// <param name="value">Its value.</param>
    /// <param name="isCompat">Whether it is taken, as the reference does.</param>
    /// <returns>The value.</returns>
    public static T RequireNotNegative<T>(Option<T> option, T value, bool isCompat)
        where T : System.Numerics.INumber<T> =>
        isCompat || !T.IsNegative(value) ? value : throw new UsageException($"{option.Name}: {value} is negative");
}
