namespace Osprey.Traces.Analyses;

/// <summary>A stretch of guest time, begin inclusive, end exclusive; either side may be open.</summary>
/// <remarks>
/// With <see cref="IsCompat"/> the bounds are fractions of nanoseconds, 0 counts as open, and
/// an interval that only touches the range is kept, as in the reference.
/// </remarks>
public sealed record TimeRange
{
    private readonly ulong _first;
    private readonly ulong _end = ulong.MaxValue;
    private readonly double? _since;
    private readonly double? _until;

    /// <summary>All of time.</summary>
    public static TimeRange All { get; } = new(null, null, false);

    /// <summary>All of time, with the reference's rules for intervals.</summary>
    public static TimeRange AllCompat { get; } = new(null, null, true);

    /// <param name="since">Nanoseconds of guest uptime; null for open.</param>
    /// <param name="until">Nanoseconds of guest uptime; null for open.</param>
    /// <param name="isCompat">Follow the reference's rules.</param>
    public TimeRange(decimal? since, decimal? until, bool isCompat)
    {
        Since = since;
        Until = until;
        IsCompat = isCompat;
        _since = (double?)since;
        _until = (double?)until;
        _first = Clamp(isCompat && since == 0 ? null : since, 0);
        _end = Clamp(isCompat && until == 0 ? null : until, ulong.MaxValue);
    }

    private TimeRange(double? since, double? until)
    {
        Since = (decimal?)since;
        Until = (decimal?)until;
        IsCompat = true;
        _since = since;
        _until = until;
        _first = since is null or 0 ? 0 : CeilingOf(since.Value);
        _end = until is null or 0 ? ulong.MaxValue : CeilingOf(until.Value);
    }

    /// <summary>The first nanosecond in the range; null for open.</summary>
    public decimal? Since { get; }

    /// <summary>The first nanosecond behind the range; null for open.</summary>
    public decimal? Until { get; }

    /// <summary>Tells whether the reference's rules hold.</summary>
    internal bool IsCompat { get; }

    /// <summary>Tells whether neither side is bounded.</summary>
    internal bool IsAll => Since is null && Until is null;

    /// <summary>The range that the reference makes of bounds, which are fractions of nanoseconds to it.</summary>
    public static TimeRange AsReference(double? since, double? until) => new(since, until);

    /// <summary>Tells whether a point in time lies in the range.</summary>
    public bool Contains(ulong time) => time >= _first && time < _end;

    /// <summary>Cuts an interval to the range.</summary>
    /// <param name="begin">Its begin in nanoseconds.</param>
    /// <param name="end">Its end in nanoseconds; may equal the begin.</param>
    /// <param name="trimmed">The length of what is left.</param>
    /// <returns>False when nothing of it lies in the range.</returns>
    internal bool TryTrim(ulong begin, ulong end, out Duration trimmed)
    {
        if (IsCompat && !IsAll)
            return TryTrimAsReference(begin, end, out trimmed);

        trimmed = default;
        if (begin >= _end || (end <= _first && !(begin == end && begin >= _first)))
            return false;

        ulong from = Math.Max(begin, _first);
        trimmed = new Duration(Math.Max(Math.Min(end, _end), from) - from);
        return true;
    }

    /// <summary>
    /// A begin of 0 counts as open, a bound of 0 never as crossed, and what a bound cuts is a fraction from then on.
    /// </summary>
    private bool TryTrimAsReference(ulong begin, ulong end, out Duration trimmed)
    {
        bool cutsBegin = begin == 0 ? _since is not null : _since is double since and not 0 && CeilingOf(since) > begin;
        bool cutsEnd = _until is double until && (until < 0 || FloorOf(until) < end);
        double from = cutsBegin ? _since!.Value : begin;
        double to = cutsEnd ? _until!.Value : end;
        trimmed = default;
        if (from != 0 && to != 0 && from > to)
            return false;

        double length = to - from;
        trimmed =
            cutsBegin || cutsEnd
                ? new Duration(0, length, IsFractional: length != 0)
                : new Duration((Int128)end - begin);
        return true;
    }

    private static ulong CeilingOf(double bound) =>
        bound <= 0 ? 0
        : bound >= ulong.MaxValue ? ulong.MaxValue
        : (ulong)Math.Ceiling(bound);

    private static ulong FloorOf(double bound) =>
        bound <= 0 ? 0
        : bound >= ulong.MaxValue ? ulong.MaxValue
        : (ulong)bound;

    private static ulong Clamp(decimal? bound, ulong open) =>
        bound is not decimal value ? open
        : value <= 0 ? 0
        : value >= ulong.MaxValue ? ulong.MaxValue
        : (ulong)decimal.Ceiling(value);
}
