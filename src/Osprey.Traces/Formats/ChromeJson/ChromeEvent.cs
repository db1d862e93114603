namespace Osprey.Traces.Formats.ChromeJson;

/// <summary>One end of a slice, or a moment, of a Chrome trace.</summary>
/// <param name="Time">The time in nanoseconds.</param>
/// <param name="Phase">What it is.</param>
/// <param name="Length">Of a whole slice its duration.</param>
/// <param name="Name">The number of its name; -1 for an end without one.</param>
/// <param name="Thread">The number of its thread.</param>
/// <param name="Arguments">The place of its arguments in the file; 0 for none.</param>
/// <param name="ArgumentsSize">Their size in bytes.</param>
/// <param name="IsWhole">Whether it is the end of a whole slice, whose arguments are those of the begin.</param>
internal readonly record struct ChromeEvent(
    ulong Time,
    ChromePhase Phase,
    ulong Length,
    int Name,
    ulong Thread,
    int Arguments,
    int ArgumentsSize,
    bool IsWhole = false
)
{
    /// <summary>
    /// The order of events of one time: ends before begins, outer begins and inner ends first, an end behind its own
    /// begin.
    /// </summary>
    public int CompareTo(in ChromeEvent other)
    {
        int order = Time.CompareTo(other.Time);
        if (order != 0)
            return order;

        order = Rank.CompareTo(other.Rank);
        if (order != 0)
            return order;

        // Begins: the longer first. Ends: the shorter, which began later, first.
        return Phase == ChromePhase.Begin ? other.Length.CompareTo(Length) : Length.CompareTo(other.Length);
    }

    private int Rank =>
        Phase switch
        {
            ChromePhase.End => Length == 0 ? 2 : 0,
            _ => 1,
        };
}
