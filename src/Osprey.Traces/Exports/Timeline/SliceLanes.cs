namespace Osprey.Traces.Exports.Timeline;

/// <summary>
/// Spreads slices over lanes so that within each lane they lie apart or within one another: viewers draw nothing else.
/// </summary>
/// <remarks>
/// Slices come in the order in which they end. Of each lane only the outermost slices are kept: what lies in one of
/// them can cross a later slice only if that one begins within the outermost, too.
/// </remarks>
/// <param name="mayBeginTogether">
/// Whether slices may lie within one another that begin at the same time; otherwise such slices cross.
/// </param>
internal sealed class SliceLanes(bool mayBeginTogether = true)
{
    private readonly List<List<(ulong Begin, ulong End)>> _lanes = [];

    /// <summary>Places a slice.</summary>
    /// <returns>The number of the first lane where it crosses no other.</returns>
    public int Place(ulong begin, ulong end)
    {
        for (int lane = 0; lane < _lanes.Count; lane++)
        {
            if (TryPlace(_lanes[lane], begin, end))
                return lane;
        }

        _lanes.Add([(begin, end)]);
        return _lanes.Count - 1;
    }

    /// <summary>Forgets all slices; to be called when none that began so far can come any more.</summary>
    public void Clear()
    {
        foreach (List<(ulong Begin, ulong End)> lane in _lanes)
            lane.Clear();
    }

    private bool TryPlace(List<(ulong Begin, ulong End)> lane, ulong begin, ulong end)
    {
        int first = lane.Count;
        while (first > 0 && lane[first - 1].Begin >= begin)
        {
            first--;
            if (lane[first].End > end || (!mayBeginTogether && lane[first].Begin == begin && lane[first].End > begin))
                return false;
        }

        if (first > 0 && lane[first - 1].End > begin)
            return false;

        lane.RemoveRange(first, lane.Count - first);
        lane.Add((begin, end));
        return true;
    }
}
