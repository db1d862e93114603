using Osprey.Session.Answers.Guests.Cpus;

namespace Osprey.Cli.Rendering.Text;

/// <summary>Frames of a stack that come again and again, as those of an endless recursion do.</summary>
/// <param name="Start">The index of the first frame.</param>
/// <param name="Period">How many frames come again.</param>
/// <param name="Rounds">How often they come, whole, one behind the other.</param>
internal readonly record struct StackRecursion(int Start, int Period, int Rounds)
{
    /// <summary>What comes less often is no more than a reader takes in.</summary>
    private const int MinRounds = 8;

    private const int MaxPeriod = 32;

    /// <summary>Finds the recursion that begins at a frame; null when none does.</summary>
    /// <param name="rows">The stack, innermost frame first.</param>
    /// <param name="start">The index of the frame.</param>
    public static StackRecursion? FindAt(IReadOnlyList<StackRow> rows, int start)
    {
        for (int period = 1; period <= MaxPeriod && start + (MinRounds * period) <= rows.Count; period++)
        {
            int same = 0;
            while (start + same + period < rows.Count && IsSame(rows[start + same], rows[start + same + period]))
                same++;

            int rounds = (same / period) + 1;
            if (rounds >= MinRounds)
                return new StackRecursion(start, period, rounds);
        }

        return null;
    }

    /// <summary>Variables differ in each round, so that frames which have them are all shown.</summary>
    private static bool IsSame(StackRow left, StackRow right) =>
        left.Variables is null
        && right.Variables is null
        && left.Frame is var first
        && right.Frame is var second
        && first.Address == second.Address
        && first.IsInlined == second.IsInlined
        && first.Function == second.Function;
}
